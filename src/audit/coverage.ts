import type { Coverage, CoverageGap, ExcludedAccount } from "../model/report.ts";
import type { RegistrySnapshot } from "../model/snapshot.ts";
import type { Target } from "../model/target.ts";

/** The ledger of one audit: what was planned, and what became of each registry. */
export type CoverageLedger = {
  /** Enters a registry that was read, as far as it could be, and gaps that judging it brought to light. */
  readonly enter: (snapshot: RegistrySnapshot, judgingGaps: readonly CoverageGap[]) => void;
  /** Enters an account that the scope leaves out. */
  readonly enterExcluded: (account: ExcludedAccount) => void;
  /** The ledger so far, its lists in a fixed order. */
  readonly total: () => Coverage;
};

/** Opens an empty ledger. */
export function openLedger(): CoverageLedger {
  const counts = { audited: 0, partial: 0, unreachable: 0 };
  const gaps: CoverageGap[] = [];
  const excludedAccounts: ExcludedAccount[] = [];
  return {
    enter: (snapshot, judgingGaps) => {
      const found = [...gapsOf(snapshot), ...judgingGaps]; // an unreachable registry's only gap comes first
      counts[found[0]?.state ?? "audited"] += 1;
      gaps.push(...found);
    },
    enterExcluded: (account) => {
      excludedAccounts.push(account);
    },
    total: () => ({
      planned: counts.audited + counts.partial + counts.unreachable,
      ...counts,
      excluded: excludedAccounts.length,
      gaps: gaps.toSorted(byPlace),
      excludedAccounts: excludedAccounts.toSorted((a, b) => compareText(a.account, b.account)),
    }),
  };
}

/**
 * What could not be read of one registry: one gap for each operation and reason, with the rules concerned.
 * What nobody asked to collect is no gap.
 */
export function gapsOf({ target, rules }: RegistrySnapshot): readonly CoverageGap[] {
  if (rules.state === "unreadable") return [gapOf(target, "unreachable", rules, [])];
  if (rules.state === "absent") return [];
  const gaps = new Map<string, CoverageGap>();
  for (const { rule, validation } of rules.value) {
    if (validation.state !== "unreadable" || validation.reason === "not-collected") continue;
    const key = `${validation.operation} ${validation.reason}`;
    const prefixes = [...(gaps.get(key)?.prefixes ?? []), rule.ecrRepositoryPrefix];
    gaps.set(key, gapOf(target, "partial", gaps.get(key) ?? validation, prefixes));
  }
  return [...gaps.values()];
}

function gapOf(
  target: Target,
  state: CoverageGap["state"],
  { reason, operation, detail }: Pick<CoverageGap, "reason" | "operation" | "detail">,
  prefixes: readonly string[],
): CoverageGap {
  const { account, accountName, region } = target;
  return { account, accountName, region, state, reason, operation, detail, prefixes };
}

function byPlace(a: CoverageGap, b: CoverageGap): number {
  return (
    compareText(a.account, b.account) ||
    compareText(a.region, b.region) ||
    compareText(a.operation, b.operation) ||
    compareText(a.reason, b.reason)
  );
}

/** Orders texts by their UTF-16 code units: the same on every machine, unlike a locale's order. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
