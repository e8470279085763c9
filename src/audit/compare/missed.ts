import { compareValues } from "../../model/order.ts";
import type { CoverageGap } from "../../model/report.ts";
import type { Missed } from "../missed.ts";
import { ALL_ACCOUNTS } from "../plan.ts";
import { registryKey, type Sight } from "./sight.ts";

/**
 * The registries that the next audit begins with: those that time did not suffice for, now or, where this audit did
 * not look at them in full, before. Accounts that were not listed are not among them: nobody knows which they are.
 */
export function stillMissed(earlier: Missed, sight: Sight, gaps: readonly CoverageGap[]): Missed {
  const isReadNow = (account: string, region: string): boolean =>
    sight.wholeScope || (sight.inScope(null) && sight.registries.has(registryKey({ account, region })));
  const kept = Object.entries(earlier).flatMap(([account, regions]) =>
    regions.filter((region) => !isReadNow(account, region)).map((region) => ({ account, region })),
  );
  const missedNow = gaps.filter(({ account, reason }) => reason === "deadline" && account !== ALL_ACCOUNTS);
  const byAccount = Map.groupBy([...kept, ...missedNow], ({ account }) => account);
  return Object.fromEntries(
    [...byAccount].map(([account, registries]) => {
      const regions = new Set(registries.map(({ region }) => region));
      return [account, [...regions].sort(compareValues)];
    }),
  );
}
