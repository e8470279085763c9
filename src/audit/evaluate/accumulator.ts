import { cachedRepositories } from "../../checks/cached-repositories/check.ts";
import type { Check } from "../../checks/evaluation.ts";
import { orphanedCachedRepositories } from "../../checks/orphaned-cached-repositories/check.ts";
import { unapprovedChange } from "../../checks/unapproved-change/check.ts";
import { unusedCachedRepositories } from "../../checks/unused-cached-repositories/check.ts";
import { dayOf } from "../../core/days.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { NamePart } from "../../facts/cached-repositories.ts";
import { present } from "../../facts/evidence.ts";
import type { FactName } from "../../facts/index.ts";
import { nothingCollected, type RegistrySnapshot } from "../../facts/snapshot.ts";
import { effectivePolicies } from "../../policy/effective.ts";
import { openWaiverMatcher, type WaiverNotices } from "../../policy/matching/waivers.ts";
import type { Policy } from "../../policy/schema.ts";
import type { ObservedChange } from "../../schemas/change.ts";
import type { Status } from "../../schemas/finding.ts";
import type { ExcludedAccount, LookupFailure, SeenAccount } from "../../schemas/report.ts";
import type { FormerPrefixes, LastParts } from "../../schemas/state.ts";
import { type Changed, type LookedUp, nothingLookedUp } from "../changes/look-up.ts";
import { rememberChanges } from "../changes/remember.ts";
import type { RepositoriesRequest } from "../collect/cached-repositories.ts";
import { openLedger, type SeenCoverage } from "../collect/coverage.ts";
import type { AuditScope } from "../compare/scope.ts";
import { type AuditRequest, isWholeScope, prefixFilter } from "../plan/request.ts";
import type { RenderedFile } from "../ports.ts";
import { openRepositoryList } from "../report/repository-list.ts";
import { type Answers, addCounts, type EvaluatedFinding, noCounts } from "./collect-findings.ts";
import { evaluate, isOn } from "./evaluate.ts";
import { evaluateFleet, type RegistryRules, rulesOf } from "./evaluate-fleet.ts";

/** The coverage of an audit and the results of its checks. */
export type AuditEvaluation = {
  readonly coverage: SeenCoverage;
  readonly registries: readonly SeenAccount[];
  /** The files that list what findings only count. Default: none. */
  readonly lists?: readonly RenderedFile[];
  readonly rules: number;
  readonly counts: Readonly<Record<Status, number>>;
  readonly findings: readonly EvaluatedFinding[];
  readonly waivers: WaiverNotices;
  /** The e-mail addresses of accounts, if the policy's owners ask for them. */
  readonly accountEmails: ReadonlyMap<string, string>;
  /** What the audit covered, for the comparison with the state. */
  readonly auditScope: AuditScope;
  /** The changes that led to the audit, or were looked up for it. Default: none. */
  readonly changes?: readonly ObservedChange[];
  /** Where CloudTrail could not be asked who made changes. Default: nowhere. */
  readonly lookupFailures?: readonly LookupFailure[];
};

/** Evaluates the registries of an audit one by one, in any order, and keeps only what the report needs. */
export type EvaluationAccumulator = {
  /** The facts, beyond the rules, that the policy needs for a registry. */
  readonly factsFor: (target: Target) => ReadonlySet<FactName>;
  /** The repositories that the policy needs of a registry; `null` for none. */
  readonly repositoriesFor: (target: Target) => RepositoriesRequest | null;
  readonly addSnapshot: (snapshot: RegistrySnapshot) => void;
  readonly addExcluded: (account: ExcludedAccount) => void;
  /** What the registries added so far show of changes. */
  readonly changed: () => Changed;
  /** The evaluation. Call it once, after everything was added, with what was looked up about changes. */
  readonly result: (lookedUp?: LookedUp) => AuditEvaluation;
};

/** How to evaluate. */
export type AccumulatorOptions = {
  readonly now: Date;
  readonly includePassing: boolean;
  /** The last known changes of all registries. Default: none is known. */
  readonly knownChanges?: readonly ObservedChange[];
  /** The prefixes of former rules, by account/region. Default: none is known. */
  readonly formerPrefixes?: FormerPrefixes;
  /** The part of repositories that was read last, by account/region. Default: none is known. */
  readonly lastParts?: LastParts;
};

/** Opens an empty accumulator for the `request`, which evaluates by `policy` and `checks`. */
export function openAccumulator(
  policy: Policy,
  checks: readonly Check[],
  request: AuditRequest,
  { now, includePassing, knownChanges = [], formerPrefixes = {}, lastParts = {} }: AccumulatorOptions,
): EvaluationAccumulator {
  const policyFor = (target: Target): Policy => effective(target).policy;
  const effective = effectivePolicies(policy);
  const waivers = openWaiverMatcher(policy.waivers, now);
  const ledger = openLedger();
  const repositories = openRepositoryList();
  const counts = noCounts();
  const findings: EvaluatedFinding[] = [];
  const wholeScope = isWholeScope(request);
  // A change of a rule changes no repository, and there may be many changes and many repositories.
  const repositoriesAreLeftOut = request.trigger === "event";
  const checksHere = repositoriesAreLeftOut ? checks.filter(({ id }) => !repositoryChecks.has(id)) : checks;
  const registryChecks = checksHere.filter((check) => check.looksAt === "registry");
  // Changes are looked up when all else is evaluated.
  const [changeChecks, otherChecks] = divided(registryChecks, ({ id }) => id === unapprovedChange.id);
  // A part of the fleet does not show what is usual in the whole fleet.
  const fleetChecks = wholeScope ? checks.filter((check) => check.looksAt === "fleet") : [];
  const fleet: ReadRegistry[] = [];
  const repositoryParts = new Map<string, NamePart | null>();
  const inScope = prefixFilter(request);
  const accountEmails = new Map<string, string>();
  let rules = 0;

  const add = (answers: Answers): void => {
    addCounts(counts, answers.counts);
    for (const finding of answers.findings) findings.push(finding);
    ledger.addGaps(answers.gaps);
  };

  const auditScope = (): AuditScope => ({
    wholeScope,
    narrowing: request,
    inScope,
    checksLeftOut: idsOf(
      checks.filter((check) => (check.looksAt === "fleet" && !wholeScope) || !checksHere.includes(check)),
    ),
    registries: new Map(fleet.map(({ key, rules: read }) => [key, readRules(read)])),
    repositoryParts,
  });

  return {
    factsFor: (target) => {
      const inForce = policyFor(target);
      return new Set(checksHere.filter(isOn(inForce)).flatMap((check) => check.factsUnder(inForce)));
    },
    repositoriesFor: (target) => {
      const section = policyFor(target).cachedRepositories;
      if (section === undefined || repositoriesAreLeftOut) return null;
      const { exclude = [], maxRepositories = 1_000, unusedAfterDays = null } = section;
      return {
        exclude,
        maxRepositories,
        lastPart: lastParts[registryKey(target)] ?? null,
        day: dayOf(now),
        pullsWithinDays: unusedAfterDays,
        formerPrefixes: formerPrefixes[registryKey(target)] ?? [],
      };
    },
    addSnapshot: (snapshot) => {
      const options = { now, inScope, includePassing, waivers };
      const { target, collectedAt, cachedRepositories: cached } = snapshot;
      const key = registryKey(target);
      const inForce = policyFor(target);
      const evaluation = evaluate(snapshot, inForce, otherChecks, options);
      const { account, accountEmail } = target;
      if (accountEmail !== undefined) accountEmails.set(account, accountEmail);
      ledger.enter(snapshot);
      if (cached.state === "present") repositoryParts.set(key, cached.value.part ?? null);
      repositories.add(snapshot, inForce);
      add(evaluation);
      rules += evaluation.rules;
      fleet.push({ key, ...rulesOf(snapshot), collectedAt });
    },
    addExcluded: ledger.enterExcluded,
    changed: () => ({
      findings,
      auditScope: auditScope(),
      readAt: new Map(fleet.map(({ key, collectedAt }) => [key, collectedAt])),
    }),
    result: ({ changes, failures } = nothingLookedUp) => {
      const known = Map.groupBy(rememberChanges(knownChanges, changes, now), registryKey);
      for (const read of fleet) {
        const { key, target } = read;
        const options = {
          now,
          inScope,
          includePassing,
          waivers,
          changes: known.get(key) ?? [],
        };
        add(evaluate(asSnapshot(read), policyFor(target), changeChecks, options));
      }
      add(evaluateFleet(fleet, policyFor, fleetChecks, { includePassing, waivers }));
      const notices = waivers.notices();
      return {
        coverage: ledger.total(),
        registries: ledger.seen(),
        lists: repositories.files(),
        rules,
        counts,
        findings,
        accountEmails,
        // A part of the fleet does not show that a waiver is unused either.
        waivers: wholeScope ? notices : { ...notices, unused: [] },
        auditScope: auditScope(),
        changes,
        lookupFailures: failures,
      };
    },
  };
}

/** The part of a snapshot that is looked at after all registries are read. The rest can be garbage-collected. */
type ReadRegistry = RegistryRules & Pick<RegistrySnapshot, "collectedAt"> & { readonly key: string };

/** What checks of changes look at. */
function asSnapshot({ target, collectedAt, rules }: ReadRegistry): RegistrySnapshot {
  return {
    ...nothingCollected,
    target,
    collectedAt,
    rules: rules.state === "unreadable" ? rules : present([]),
  };
}

function divided<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [readonly Item[], readonly Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** The checks that look at repositories. */
const repositoryChecks: ReadonlySet<string> = new Set([
  cachedRepositories.id,
  unusedCachedRepositories.id,
  orphanedCachedRepositories.id,
]);

function idsOf(checks: readonly Check[]): ReadonlySet<string> {
  return new Set(checks.map(({ id }) => id));
}

function readRules(rules: RegistryRules["rules"]): readonly PullThroughCacheRule[] | null {
  if (rules.state === "unreadable") return null;
  return rules.state === "present" ? rules.value : [];
}
