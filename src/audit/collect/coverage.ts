import { compareValues } from "../../core/order.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { Target } from "../../ecr/target.ts";
import { type RegistrySnapshot, unreadIn } from "../../facts/snapshot.ts";
import type { Coverage, CoverageGap, ExcludedAccount, SeenAccount } from "../../schemas/report.ts";

/** The coverage of one audit, before it is compared with the previous audit. */
export type SeenCoverage = Omit<Coverage, "dropped">;

/** The coverage ledger of one audit: which registries were planned, and the outcome of each. */
export type CoverageLedger = {
  /** Enters a registry, as far as it could be read. */
  readonly enter: (snapshot: RegistrySnapshot) => void;
  /** Adds gaps that the evaluation found in registries that were entered. */
  readonly addGaps: (gaps: readonly CoverageGap[]) => void;
  /** Enters an account that the scope excludes. */
  readonly enterExcluded: (account: ExcludedAccount) => void;
  /** The coverage so far, with sorted lists. */
  readonly total: () => SeenCoverage;
  /** The registries read so far, fully or partially, sorted. */
  readonly seen: () => readonly SeenAccount[];
};

type RegistryState = "audited" | CoverageGap["state"];

/** Opens an empty ledger. */
export function openLedger(): CoverageLedger {
  const targets: Target[] = [];
  const states = new Map<string, RegistryState>();
  const gaps = new Map<string, CoverageGap>();
  const excludedAccounts: ExcludedAccount[] = [];
  let repositories: Coverage["repositories"];

  const addGaps = (found: readonly CoverageGap[]): void => {
    for (const gap of found) {
      addGap(gaps, gap);
      if (states.get(registryKey(gap)) !== "unreachable") states.set(registryKey(gap), gap.state);
    }
  };
  return {
    enter: (snapshot) => {
      targets.push(snapshot.target);
      states.set(registryKey(snapshot.target), "audited");
      addGaps(gapsOf(snapshot));
      repositories = withRepositories(repositories, snapshot);
    },
    addGaps,
    enterExcluded: (account) => {
      excludedAccounts.push(account);
    },
    total: () => ({
      planned: states.size,
      ...countStates(states.values()),
      excluded: excludedAccounts.length,
      gaps: [...gaps.values()].toSorted(byLocation),
      ...(repositories === undefined ? {} : { repositories }),
      excludedAccounts: excludedAccounts.toSorted((a, b) => compareValues(a.account, b.account)),
    }),
    seen: () => byAccount(targets.filter((target) => states.get(registryKey(target)) !== "unreachable")),
  };
}

function withRepositories(
  before: Coverage["repositories"],
  { cachedRepositories: cached }: RegistrySnapshot,
): Coverage["repositories"] {
  if (cached.state !== "present") return before;
  const { prefixes, lookedAt } = cached.value;
  return {
    lookedAt: (before?.lookedAt ?? 0) + lookedAt.length,
    existing: prefixes.reduce((sum, { existing }) => sum + existing, before?.existing ?? 0),
    excluded: prefixes.reduce((sum, { excluded }) => sum + excluded, before?.excluded ?? 0),
  };
}

function byAccount(targets: readonly Target[]): readonly SeenAccount[] {
  return [...Map.groupBy(targets, ({ account }) => account).values()]
    .flatMap(([first, ...others]): readonly SeenAccount[] => {
      if (first === undefined) return [];
      const { account, accountName, organizationalUnits } = first;
      const regions = new Set([first, ...others].map(({ region }) => region));
      return [{ account, accountName, organizationalUnits, regions: [...regions].sort(compareValues) }];
    })
    .sort((a, b) => compareValues(a.account, b.account));
}

function countStates(states: Iterable<RegistryState>): Record<RegistryState, number> {
  const counts = { audited: 0, partial: 0, unreachable: 0 };
  for (const state of states) counts[state] += 1;
  return counts;
}

/**
 * The gaps of one registry: one for each operation and reason, with the affected rules. Facts that were not requested
 * are not gaps.
 */
export function gapsOf(snapshot: RegistrySnapshot): readonly CoverageGap[] {
  const { target, rules } = snapshot;
  if (rules.state === "unreadable") return [gapOf(target, "unreachable", rules, [])];
  const gaps = new Map<string, CoverageGap>();
  for (const { evidence, prefixes } of unreadIn(snapshot)) {
    addGap(gaps, gapOf(target, "partial", evidence, prefixes));
  }
  return [...gaps.values()];
}

/** Adds a gap. If the registry has a gap with this operation and reason already, only adds the affected rules to it. */
function addGap(gaps: Map<string, CoverageGap>, gap: CoverageGap): void {
  const key = [registryKey(gap), gap.operation, gap.reason].join(" ");
  const known = gaps.get(key);
  const prefixes = new Set([...(known?.prefixes ?? []), ...gap.prefixes]);
  gaps.set(key, { ...(known ?? gap), prefixes: [...prefixes] });
}

/** A coverage gap of a registry. */
export function gapOf(
  target: Target,
  state: CoverageGap["state"],
  { reason, operation, detail }: Pick<CoverageGap, "reason" | "operation" | "detail">,
  prefixes: readonly string[],
): CoverageGap {
  const { account, accountName, region } = target;
  return { account, accountName, region, state, reason, operation, detail, prefixes };
}

function byLocation(a: CoverageGap, b: CoverageGap): number {
  return (
    compareValues(a.account, b.account) ||
    compareValues(a.region, b.region) ||
    compareValues(a.operation, b.operation) ||
    compareValues(a.reason, b.reason)
  );
}
