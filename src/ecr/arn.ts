import type { Target } from "./target.ts";

/** The account and region of a resource. */
type Location = Pick<Target, "account" | "region">;

/** The parts of the ARN of a secret. */
export type SecretArn = Location & {
  /** Without the six characters that Secrets Manager appends in the ARN. */
  readonly name: string;
};

/** The parts of the ARN of an IAM role. */
export type RoleArn = {
  readonly account: string;
  /** Without its path. */
  readonly name: string;
};

const secretArn =
  /^arn:[a-z0-9-]+:secretsmanager:(?<region>[a-z0-9-]+):(?<account>\d{12}):secret:(?<name>[\w/+=.@-]+?)(?:-[A-Za-z0-9]{6})?$/;

const roleArn = /^arn:[a-z0-9-]+:iam::(?<account>\d{12}):role\/(?:[!-~]+\/)?(?<name>[\w+=,.@-]{1,64})$/;

/**
 * Parses the ARN of a secret in any partition; `null` for any other text. The six characters at the end may be missing,
 * as Secrets Manager allows (user guide, "Find secrets in AWS Secrets Manager", November 2026).
 */
export function parseSecretArn(text: string): SecretArn | null {
  const parts = secretArn.exec(text)?.groups;
  if (parts === undefined) return null;
  // Stryker disable next-line StringLiteral: a match has all of its groups
  const { region = "", account = "", name = "" } = parts;
  return { account, region, name };
}

/** Parses the ARN of an IAM role in any partition; `null` for any other text. */
export function parseRoleArn(text: string): RoleArn | null {
  const parts = roleArn.exec(text)?.groups;
  if (parts === undefined) return null;
  // Stryker disable next-line StringLiteral: a match has all of its groups
  const { account = "", name = "" } = parts;
  return { account, name };
}

/** Whether both are in the same account and region. */
export function isSameLocation(one: Location, other: Location): boolean {
  return one.account === other.account && one.region === other.region;
}

/**
 * Whether a call that names a secret by `id` means the secret with this ARN. The id is a name or an ARN, which may lack the
 * six characters at its end (AWS Secrets Manager API reference, "SecretId", November 2026).
 */
export function namesSecret(id: string, arn: string): boolean {
  const isArn = id.startsWith("arn:");
  const start = arn.indexOf(":secret:") + ":secret:".length;
  const [whole, part] = isArn ? [arn, id] : [arn.slice(start), id];
  return whole === part || (whole.startsWith(`${part}-`) && whole.length === part.length + "-AbCdEf".length);
}
