/** The parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/**
 * Splits an ARN into its parts; `undefined` if the text is not an ARN.
 * Source: AWS General Reference, "Amazon Resource Names".
 */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(":");
  if (prefix !== "arn" || !partition || !service) return undefined;
  if (region === undefined || accountId === undefined || resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(":") };
}

/** The partition, region and account of a regional resource. */
export interface Place {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

/** The ARN of a regional resource. */
export function arnAt(place: Place, service: string, resource: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
}

/** The ARN of an IAM role. IAM is global: its ARNs contain no region. */
export function roleArn(place: Pick<Place, "partition" | "accountId">, roleName: string): string {
  return `arn:${place.partition}:iam::${place.accountId}:role/${roleName}`;
}

/**
 * The ARN of a secret: its name with the six characters that Secrets Manager appends. The simulator derives them from
 * the name to keep worlds deterministic.
 * Source: Secrets Manager User Guide, "What's in a secret".
 */
export function secretArn(place: Place, secretName: string): string {
  return arnAt(place, "secretsmanager", `secret:${secretName}-${stableDigits(secretName, 6)}`);
}

/** Derives lower-case letters and digits from a text, for ids that AWS generates at random. */
export function stableDigits(text: string, length: number): string {
  const FNV_OFFSET_BASIS = 0x811c9dc5;
  const FNV_PRIME = 0x01000193;
  let hash = FNV_OFFSET_BASIS;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME) >>> 0;
  }
  return hash.toString(36).padStart(length, "0").slice(-length);
}
