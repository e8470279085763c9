import { compareValues } from "../../core/order.ts";
import { ALL_ACCOUNTS, ALL_REGIONS, registryKey } from "../../ecr/registry.ts";
import type { CoverageGap } from "../../schemas/report.ts";
import type { AuditState } from "../../schemas/state.ts";
import type { AuditScope } from "./scope.ts";

/** The first words of the detail of gaps that are due to lack of time. */
export const TIME_WAS_OVER = "the audit's time was over before";

/** The registries that an audit had no time for: regions by account, or `*` if the regions were not listed. */
export type UnreachedRegistries = AuditState["missed"];

/** Whether there was no time for a registry or for its whole account. */
export function isUnreached(
  { account, region }: { readonly account: string; readonly region: string },
  missed: UnreachedRegistries,
): boolean {
  const regions = missed[account] ?? [];
  return regions.includes(region) || regions.includes(ALL_REGIONS);
}

/**
 * The registries that the next audit reads first: those that this audit had no time for, and those of earlier audits
 * that this audit did not read in full. Accounts that were not listed are unknown, and not included.
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
