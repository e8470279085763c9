import type { AwsError } from "./aws-error.ts";
import { type Dialect, refusal } from "./dialect.ts";
import type { Caller } from "./key-ring.ts";

/** The kinds of policies that deny calls, with the name that AWS's sentence gives them. */
const policyNames = {
  "service-control-policy": "service control policy",
  "resource-control-policy": "resource control policy",
  "vpc-endpoint-policy": "VPC endpoint policy",
  "permissions-boundary": "permissions boundary",
  "session-policy": "session policy",
  "identity-policy": "identity-based policy",
  "resource-policy": "resource-based policy",
  "trust-policy": "role trust policy",
} as const;

/** What denies a call. */
export type DeniedBy = "missing-permission" | keyof typeof policyNames;

/** The kinds of policies that deny calls. */
export const denyingPolicies = Object.keys(policyNames).filter(isPolicy);

function isPolicy(name: string): name is keyof typeof policyNames {
  return name in policyNames;
}

/** How a policy denies: it says so, or it does not allow. AWS may name the policy behind the sentence. */
export interface DeniedHow {
  readonly by?: DeniedBy | undefined;
  readonly how?: "explicitly" | "implicitly" | undefined;
  readonly policyArn?: string | undefined;
}

/** A denied call: its caller, action and resource. By default a permission is missing. */
export interface Denial extends DeniedHow {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
}

/**
 * IAM's answer to a call that is not allowed, in a service's dialect.
 * Source: IAM User Guide, "Troubleshoot access denied error messages", November 2026.
 */
export function denied(dialect: Dialect, { caller, action, resource, ...how }: Denial): AwsError {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  return refusal(dialect, "denied", message + reasonFor(action, how));
}

function reasonFor(
  action: string,
  { by = "missing-permission", how = "explicitly", policyArn }: DeniedHow,
): string {
  if (by !== "missing-permission") {
    const named = policyArn === undefined ? "" : `: ${policyArn}`;
    if (how === "implicitly") return ` because no ${policyNames[by]} allows the ${action} action${named}`;
    const article = by === "identity-policy" ? "an" : "a";
    return ` with an explicit deny in ${article} ${policyNames[by]}${named}`;
  }
  // STS gives no reason, because the role's trust policy may also deny the call.
  if (action === "sts:AssumeRole") return "";
  return ` because no identity-based policy allows the ${action} action`;
}
