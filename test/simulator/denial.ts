import type { Caller } from "./key-ring.ts";

/** A denied call: who asked for what. */
export interface Denial {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly by: "missing-permission" | "service-control-policy";
}

/**
 * IAM's words for a denied call.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function denialMessage({ caller, action, resource, by }: Denial): string {
  const denied = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  // STS alone gives no reason when the role's trust policy is what refuses.
  if (by === "missing-permission" && action === "sts:AssumeRole") return denied;
  return by === "service-control-policy"
    ? `${denied} with an explicit deny in a service control policy`
    : `${denied} because no identity-based policy allows the ${action} action`;
}
