import type { Target } from "./target.ts";

/** The account and region that something lies in. */
type Whereabouts = Pick<Target, "account" | "region">;

/** What the ARN of a secret tells. */
export type SecretArn = Whereabouts & {
  /** Without the six characters that Secrets Manager adds to it in the ARN. */
  readonly name: string;
};

/** What the ARN of an IAM role tells. */
export type RoleArn = {
  readonly account: string;
  /** Without its path. */
  readonly name: string;
};

const secretArn =
  /^arn:[a-z0-9-]+:secretsmanager:(?<region>[a-z0-9-]+):(?<account>\d{12}):secret:(?<name>[\w/+=.@-]+?)(?:-[A-Za-z0-9]{6})?$/;

const roleArn = /^arn:[a-z0-9-]+:iam::(?<account>\d{12}):role\/(?:[!-~]+\/)?(?<name>[\w+=,.@-]{1,64})$/;

/**
 * Takes the ARN of a secret apart, in any partition; `null` for any other text. The six characters at the end
 * may be missing, as Secrets Manager lets them (user guide, "Find secrets in AWS Secrets Manager", November 2026).
 */
export function parseSecretArn(text: string): SecretArn | null {
  const parts = secretArn.exec(text)?.groups;
  if (parts === undefined) return null;
  // Stryker disable next-line StringLiteral: what matches has all of its groups
  const { region = "", account = "", name = "" } = parts;
  return { account, region, name };
}

/** Takes the ARN of an IAM role apart, in any partition; `null` for any other text. */
export function parseRoleArn(text: string): RoleArn | null {
  const parts = roleArn.exec(text)?.groups;
  if (parts === undefined) return null;
  // Stryker disable next-line StringLiteral: what matches has all of its groups
  const { account = "", name = "" } = parts;
  return { account, name };
}

/** Whether both lie in the same account and region. */
export function liesBeside(one: Whereabouts, other: Whereabouts): boolean {
  return one.account === other.account && one.region === other.region;
}
