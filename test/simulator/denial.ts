import type { AwsError } from "./aws-error.ts";
import { type Dialect, refusal } from "./dialect.ts";
import type { Caller } from "./key-ring.ts";

/** A denied call: its caller, action and resource. */
export interface Denial {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** A missing permission unless said otherwise. */
  readonly by?: "missing-permission" | "service-control-policy" | "identity-policy";
}

/**
 * IAM's answer to a call that is not allowed, in a service's dialect.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function denied(dialect: Dialect, { caller, action, resource, by }: Denial): AwsError {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  return refusal(dialect, "denied", message + reasonFor(action, by));
}

function reasonFor(action: string, by: Denial["by"]): string {
  if (by === "service-control-policy") return " with an explicit deny in a service control policy";
  if (by === "identity-policy") return " with an explicit deny in an identity-based policy";
  // STS gives no reason, because the role's trust policy may also deny the call.
  if (action === "sts:AssumeRole") return "";
  return ` because no identity-based policy allows the ${action} action`;
}
