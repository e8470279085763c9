import type { SettingName } from "../app/settings.ts";

/** The variables that the AWS SDK and terminals read, beside the auditor's settings. */
type OtherVariable =
  | "AWS_PROFILE"
  | "AWS_REGION"
  | "AWS_CA_BUNDLE"
  | "HTTPS_PROXY"
  | "NO_COLOR"
  | "FORCE_COLOR";

/** Every variable of the environment that a command reads, as its help explains it. */
const variableTexts = {
  AUDIT_POLICY: "the policy, if --policy is not given",
  AUDIT_ROLE_NAME: "the role to assume, if --role-name is not given",
  AUDIT_EXTERNAL_ID: "the role's external id, if --external-id is not given",
  AUDIT_TOPIC_ARN: "the SNS topic for digests",
  AUDIT_EVENT_BUS: "the EventBridge bus for events",
  AUDIT_STORE: "the store, if --store is not given",
  AUDIT_STORE_LOCK: "how reports in S3 are locked, as GOVERNANCE 400",
  AUDIT_SECURITY_HUB: "true: import findings into Security Hub",
  AUDIT_CONCURRENCY: "concurrent calls, if --concurrency is not given",
  AUDIT_CONFIRM_AFTER_SECONDS: "delay before a failed validation is repeated",
  AUDIT_REQUEST_TIMEOUT_SECONDS: "time after which a call is given up",
  AWS_PROFILE: "the profile, if --profile is not given",
  AWS_REGION: "the region that AWS is called from",
  AWS_CA_BUNDLE: "certificates to trust",
  HTTPS_PROXY: "the proxy to AWS",
  NO_COLOR: "any value: no colours",
  FORCE_COLOR: "1: colours in pipes and files too",
} as const satisfies Record<SettingName | OtherVariable, string>;

type Variable = keyof typeof variableTexts;

/** The variables of commands that reach AWS. */
export const awsVariables = [
  "AWS_PROFILE",
  "AWS_REGION",
  "AWS_CA_BUNDLE",
  "HTTPS_PROXY",
] as const satisfies readonly Variable[];

/** The variables of commands that assume roles in other accounts. */
export const roleVariables = [
  "AUDIT_ROLE_NAME",
  "AUDIT_EXTERNAL_ID",
  "AUDIT_CONCURRENCY",
  "AUDIT_CONFIRM_AFTER_SECONDS",
  "AUDIT_REQUEST_TIMEOUT_SECONDS",
] as const satisfies readonly Variable[];

/** The variables of commands that colour their output. */
export const colorVariables = ["NO_COLOR", "FORCE_COLOR"] as const satisfies readonly Variable[];

const widest = Math.max(...Object.keys(variableTexts).map((name) => name.length));

/**
 * The end of a command's help: how it is used, and the variables that it reads.
 *
 * @param examples the words after the program's name
 */
export function helpNotes(examples: readonly string[], variables: readonly Variable[]): string {
  const lines = [
    "",
    "Examples:",
    ...examples.map((example) => `  pull-through-auditor ${example}`),
    ...(variables.length === 0 ? [] : ["", "Environment:"]),
    ...variables.map((name) => `  ${name.padEnd(widest)}  ${variableTexts[name]}`),
  ];
  return lines.join("\n");
}
