import { compareValues } from "../../core/order.ts";
import { ALL_ACCOUNTS, ALL_REGIONS, registryKey } from "../../ecr/registry.ts";
import type { CoverageGap } from "../../schemas/report.ts";
import type { AuditState } from "../../schemas/state.ts";
import type { AuditScope } from "./scope.ts";

/** How the gaps begin that an audit leaves for want of time. */
export const TIME_WAS_OVER = "the audit's time was over before";

/** The registries that an audit's time did not suffice for: regions by account, or `*` where they were not listed. */
export type UnreachedRegistries = AuditState["missed"];

/** Whether a registry was missed, or its whole account. */
export function isUnreached(
  { account, region }: { readonly account: string; readonly region: string },
  missed: UnreachedRegistries,
): boolean {
  const regions = missed[account] ?? [];
  return regions.includes(region) || regions.includes(ALL_REGIONS);
}

/**
 * The registries that the next audit begins with: those that time did not suffice for, now or, where this audit did
 * not look at them in full, before. Accounts that were not listed are not among them: nobody knows which they are.
 */
export function stillUnreached(
  earlier: UnreachedRegistries,
  auditScope: AuditScope,
  gaps: readonly CoverageGap[],
): UnreachedRegistries {
  const isReadNow = (account: string, region: string): boolean =>
    auditScope.wholeScope ||
    (auditScope.inScope(null) && auditScope.registries.has(registryKey({ account, region })));
  const kept = Object.entries(earlier).flatMap(([account, regions]) =>
    regions.filter((region) => !isReadNow(account, region)).map((region) => ({ account, region })),
  );
  const unreachedNow = gaps.filter(
    ({ account, reason }) => reason === "deadline" && account !== ALL_ACCOUNTS,
  );
  const byAccount = Map.groupBy([...kept, ...unreachedNow], ({ account }) => account);
  return Object.fromEntries(
    [...byAccount].map(([account, registries]) => {
      const regions = new Set(registries.map(({ region }) => region));
      return [account, [...regions].sort(compareValues)];
    }),
  );
}
