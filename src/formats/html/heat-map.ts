import { ALL_REGIONS } from "../../ecr/registry.ts";
import { bySeverity } from "../../render/counts.ts";
import { groupsOf } from "../../render/group.ts";
import { isFailing } from "../../schemas/count-findings.ts";
import { type Finding, type Severity, severities } from "../../schemas/finding.ts";
import type { CoverageGap, Report, SeenAccount } from "../../schemas/report.ts";

/** How far a registry was covered; `unplanned`: it is not in the audit's scope. */
export type CellCoverage = "seen" | "partial" | "unreachable" | "unplanned";

/** One registry. */
export type Cell = {
  readonly region: string;
  readonly cellCoverage: CellCoverage;
  /** How many findings fail, by severity, worst first. */
  readonly failing: readonly { readonly severity: Severity; readonly count: number }[];
};

/** An account with failures or gaps, with a cell for each region of the map. */
export type Row = {
  readonly account: string;
  readonly accountName: string | null;
  readonly cells: readonly Cell[];
};

/** Accounts without failures or gaps that were covered in the same regions. */
export type CleanAccounts = {
  readonly regions: readonly string[];
  readonly accounts: readonly Pick<SeenAccount, "account" | "accountName">[];
};

/** Accounts × regions, the worst accounts first; accounts without failures or gaps are separate. */
export type HeatMap = {
  readonly regions: readonly string[];
  readonly rows: readonly Row[];
  readonly clean: readonly CleanAccounts[];
};

type AccountFacts = {
  readonly accountName: string | null;
  readonly seen: ReadonlySet<string>;
  readonly failing: readonly Finding[];
  readonly gaps: readonly CoverageGap[];
};

/** Builds the map of all registries in a report. */
export function heatMapOf(report: Report): HeatMap {
  const accounts = factsByAccount(report);
  const regions = regionsOf(report);
  const isClean = ({ failing, gaps }: AccountFacts) => failing.length === 0 && gaps.length === 0;
  const rows = [...accounts]
    .filter(([, facts]) => !isClean(facts))
    .map(([account, facts]) => rowOf(account, facts, regions))
    .sort(worstFirst);
  const cleanAccounts = report.registries.filter(({ account }) => {
    const facts = accounts.get(account);
    return facts !== undefined && isClean(facts);
  });
  return { regions, rows, clean: cleanGroups(cleanAccounts) };
}

function factsByAccount(report: Report): ReadonlyMap<string, AccountFacts> {
  const seen = new Map(report.registries.map((registry) => [registry.account, registry]));
  const failing = Map.groupBy(report.findings.filter(isFailing), ({ account }) => account);
  const gaps = Map.groupBy(report.coverage.gaps, ({ account }) => account);
  const accounts = new Set([...seen.keys(), ...failing.keys(), ...gaps.keys()]);
  const factsOf = (account: string): AccountFacts => {
    const [registry, findings = [], gapsThere = []] = [
      seen.get(account),
      failing.get(account),
      gaps.get(account),
    ];
    const named = registry ?? findings[0] ?? gapsThere[0];
    return {
      accountName: named?.accountName ?? null,
      seen: new Set(registry?.regions),
      failing: findings,
      gaps: gapsThere,
    };
  };
  return new Map([...accounts].map((account) => [account, factsOf(account)]));
}

/** Returns the regions to map. A gap with the region `*` concerns all regions of its account and names none. */
function regionsOf({ registries, findings, coverage }: Report): readonly string[] {
  const named = [
    ...registries.flatMap(({ regions }) => regions),
    ...findings.filter(isFailing).map(({ region }) => region),
    ...coverage.gaps.map(({ region }) => region),
  ];
  const regions = new Set(named.filter((region) => region !== ALL_REGIONS));
  // An account whose regions are unknown still needs a cell for its gap.
  return regions.size === 0 && named.length > 0 ? [ALL_REGIONS] : [...regions].sort();
}

function rowOf(account: string, facts: AccountFacts, regions: readonly string[]): Row {
  const failing = Map.groupBy(facts.failing, ({ region }) => region);
  const gaps = Map.groupBy(facts.gaps, ({ region }) => region);
  const everywhere = gaps.get(ALL_REGIONS) ?? [];
  const cells = regions.map((region) => ({
    region,
    cellCoverage: cellCoverageOf(facts.seen.has(region), [...(gaps.get(region) ?? []), ...everywhere]),
    failing: bySeverity(failing.get(region) ?? []),
  }));
  return { account, accountName: facts.accountName, cells };
}

function cellCoverageOf(isSeen: boolean, gaps: readonly CoverageGap[]): CellCoverage {
  if (isSeen) return gaps.some(({ state }) => state === "partial") ? "partial" : "seen";
  return gaps.length > 0 ? "unreachable" : "unplanned";
}

function worstFirst(one: Row, other: Row): number {
  const [ones, others] = [badnessOf(one), badnessOf(other)];
  const at = ones.findIndex((badness, index) => badness !== others[index]);
  if (at >= 0) return (others[at] ?? 0) - (ones[at] ?? 0);
  return one.account < other.account ? -1 : 1;
}

/** Ranks an account, most important first: failing findings by severity, then gaps in coverage. */
function badnessOf({ cells }: Row): readonly number[] {
  const counts = cells.flatMap(({ failing }) => failing);
  const cellCoverages = (cellCoverage: CellCoverage) =>
    cells.filter((cell) => cell.cellCoverage === cellCoverage).length;
  return [
    ...severities.map((severity) =>
      counts.reduce((sum, one) => sum + (one.severity === severity ? one.count : 0), 0),
    ),
    cellCoverages("unreachable"),
    cellCoverages("partial"),
  ];
}

function cleanGroups(accounts: readonly SeenAccount[]): readonly CleanAccounts[] {
  return groupsOf(accounts, ({ regions }) => regions.join(" "))
    .map((alike) => ({ regions: alike[0].regions, accounts: alike }))
    .sort((one, other) => other.accounts.length - one.accounts.length);
}
