import type { AuditState } from "../model/state.ts";

/** How the gaps begin that an audit leaves for want of time. */
export const TIME_WAS_OVER = "the audit's time was over before";

/** The registries that an audit's time did not suffice for: regions by account, or `*` where they were not listed. */
export type Missed = AuditState["missed"];

/** Whether a registry was missed, or its whole account. */
export function isMissed(
  { account, region }: { readonly account: string; readonly region: string },
  missed: Missed,
): boolean {
  const regions = missed[account] ?? [];
  return regions.includes(region) || regions.includes("*");
}
