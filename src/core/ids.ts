import { createHash, randomBytes, randomUUID } from "node:crypto";

/** The SHA-256 of a text in UTF-8, or of bytes, in hex digits. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The digest of a text, prefixed with its algorithm: `sha256:` and 64 hex digits. */
export function digestOf(text: string): string {
  return `sha256:${sha256Of(text)}`;
}

/** Creates the id of an audit: its time, so that ids sort by time, and a random suffix that makes it unique. */
export function newAuditId(startedAt: Date): string {
  const time = startedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${randomBytes(4).toString("hex")}`;
}

/** Creates the id that all attempts of a call to AWS share: a UUID, as the SDK's are. */
export function newCallId(): string {
  return randomUUID();
}

/** The properties that identify a finding across audits. */
export type FindingIdentity = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string | null;
  readonly check: string;
  readonly subject: string;
};

/** The id of a finding: 32 hex digits that depend on its identity, not on when it was found. */
export function findingId({ account, region, prefix, check, subject }: FindingIdentity): string {
  return createHash("sha256")
    .update(JSON.stringify([account, region, prefix, check, subject]))
    .digest("hex")
    .slice(0, 32);
}

/** The id of a cause that findings share: 32 hex digits, the same in every audit. */
export function causeId(kind: string, subject: string): string {
  return createHash("sha256")
    .update(JSON.stringify(["cause", kind, subject]))
    .digest("hex")
    .slice(0, 32);
}

/**
 * The id of an alert: 32 hex digits. It depends on the content of the alert and on the previous alert, not on the
 * audit that delivers it. If an alert is repeated because an audit failed before it stored its state, it has the same
 * id.
 */
export function alertId(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
