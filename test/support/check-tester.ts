import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/audit/evaluate/evaluate.ts";
import type { PrefixFilter } from "../../src/audit/plan/request.ts";
import type { CheckEvaluation, RegistryCheck } from "../../src/checks/evaluation.ts";
import type { Evidence, UnreadableReason } from "../../src/facts/evidence.ts";
import { unreadable, unreadableReasonSchema } from "../../src/facts/evidence.ts";
import { type FactName, factNames } from "../../src/facts/index.ts";
import { type RegistrySnapshot, snapshotSchema } from "../../src/facts/snapshot.ts";
import { openWaiverMatcher } from "../../src/policy/matching/waivers.ts";
import type { Policy } from "../../src/policy/schema.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";
import { aPolicy, aSnapshot, aWaiver, NOW } from "./builders.ts";
import {
  type Case,
  deepFreeze,
  duplicatesIn,
  type Expected,
  expectWords,
  refuse,
  type Table,
  type Trial,
  tableProblems,
  trialsOf,
} from "./check-table.ts";

/** A registry, and the prefixes that are evaluated. */
export type RegistryCase = Case & {
  readonly registry: RegistrySnapshot;
  /** The prefixes that the audit is narrowed to. Default: everything is evaluated, including the registry. */
  readonly evaluating?: readonly string[];
  /** The last known changes of the registry. Default: none is known. */
  readonly changes?: readonly ObservedChange[];
};

/** The expected results of a registry check. */
export type RegistryTable = Table<RegistryCase, Expected>;

/** One case of such a table. */
export type RegistryTrial = Trial<RegistryCase, Expected>;

/**
 * Tests a registry check with a table of registries. Besides the table, it tests rules that could not be read, each
 * failure with a waiver, and each unreadable fact with every reason.
 *
 * @throws Error immediately if the table is not a complete test of the check
 */
export function testCheck(check: RegistryCheck, table: RegistryTable): void {
  const { policy = aPolicy() } = table;
  refuse(check.id, [...tableProblems({ ...table, policy }), ...untriedFacts(check, table, policy)]);
  const { passes, fails, unknownCases, doesNotApply } = trialsOf(table);
  const groups = {
    passes,
    fails,
    unknownCases: unknownCases.flatMap(forEveryReason),
    doesNotApply,
    "rules that could not be listed": unreadTrials,
  };
  for (const [name, trials] of Object.entries(groups)) {
    describe.runIf(trials.length > 0)(name, () => {
      it.each(trials)("$given.name", (trial) => tryOn(check, trial, policy));
    });
  }
  describe.runIf(fails.length > 0)("is waived", () => {
    it.each(fails)("$given.name", (trial) => tryWaiving(check, trial, policy));
  });
}

/** The facts that a check reads and that are not unreadable in any case of the table. */
export function untriedFacts(check: RegistryCheck, table: RegistryTable, policy: Policy): readonly string[] {
  const tried = trialsOf(table).unknownCases.flatMap(({ given }) => unreadFacts(given.registry));
  return check
    .factsUnder(policy)
    .filter((fact) => !tried.includes(fact))
    .map((fact) => `has no case under unknownCases with unreadable ${fact}`);
}

/** Tries a check on one case. */
export function tryOn(check: RegistryCheck, { given, status, says }: RegistryTrial, byDefault: Policy): void {
  const { registry, policy = byDefault, changes = [] } = given;
  expect(snapshotSchema.parse(registry)).toEqual(registry);
  const evaluations = check.evaluate({
    registry: deepFreeze(registry),
    policy: deepFreeze(policy),
    now: NOW,
    inScope: scopeOf(given),
    changes: deepFreeze(changes),
  });
  if (says === "nothing") {
    expect(evaluations).toEqual([]);
    return;
  }
  expect(evaluations).not.toEqual([]);
  expect(evaluations.map((evaluation) => evaluation.status)).toEqual(evaluations.map(() => status));
  expect(evaluations.map(gistOf)).toEqual(
    says === "passes" ? evaluations.map(passing) : says.map(withSubject),
  );
  expect(duplicatesIn(evaluations.map(({ prefix, subject }) => JSON.stringify([prefix, subject])))).toEqual(
    [],
  );
  for (const evaluation of evaluations) expectWords(evaluation.prose());
}

/** Tries a check on one case in which it fails, with a waiver for it. */
export function tryWaiving(check: RegistryCheck, { given, says }: RegistryTrial, byDefault: Policy): void {
  const waiver = aWaiver({ check: check.id });
  const { registry, policy = byDefault, changes = [] } = given;
  const { findings } = evaluate(registry, policy, [check], {
    now: NOW,
    inScope: scopeOf(given),
    changes,
    includePassing: true,
    waivers: openWaiverMatcher([waiver], NOW),
  });
  const { reason, owner, ticket, expires } = waiver;
  expect(findings).toMatchObject(
    typeof says === "string"
      ? []
      : says.map(({ kind, prefix }) => ({
          status: "WAIVED",
          kind,
          prefix,
          waiver: { reason, owner, ticket, expires },
        })),
  );
}

/** One trial for each reason: data that could not be read neither passes nor fails. */
const unreadTrials: readonly RegistryTrial[] = unreadableReasonSchema.options.map((reason) => {
  const evidence = { reason, operation: "ecr:DescribePullThroughCacheRules", detail: "as AWS said it" };
  return {
    given: {
      name: reason,
      registry: aSnapshot({ rules: unreadable(reason, evidence.operation, evidence.detail) }),
    },
    status: "UNKNOWN",
    says: [{ kind: "evidence-unreadable", prefix: null, data: evidence }],
  };
});

/** A trial on facts that could not be read, once for each reason why they could not. */
export function forEveryReason(trial: RegistryTrial): readonly RegistryTrial[] {
  const { given, says } = trial;
  if (unreadFacts(given.registry).length === 0 || typeof says === "string") return [trial];
  return unreadableReasonSchema.options.map((reason) => ({
    ...trial,
    given: { ...given, name: `${given.name}: ${reason}`, registry: withReason(given.registry, reason) },
    says: says.map((said) =>
      said.kind === "evidence-unreadable" ? { ...said, data: { ...said.data, reason } } : said,
    ),
  }));
}

/** The facts with unreadable evidence in a snapshot. */
function unreadFacts(registry: RegistrySnapshot): readonly FactName[] {
  const { creationTemplates, scanning, registryPolicy, secrets, secretVersions, pulls } = registry;
  const { cachedRepositories, cachedLifecyclePolicies, cachedRepositoryPolicies, repositoryPulls } = registry;
  const evidence = {
    creationTemplates: [creationTemplates],
    scanning: [scanning],
    registryPolicy: [registryPolicy],
    secrets: Object.values(secrets),
    secretVersions: Object.values(secretVersions),
    cachedRepositories: [cachedRepositories],
    cachedLifecyclePolicies: [cachedLifecyclePolicies],
    cachedRepositoryPolicies: [cachedRepositoryPolicies],
    pulls: [pulls],
    repositoryPulls: [repositoryPulls],
    repositorySizes: [registry.repositorySizes],
  } satisfies Record<FactName, readonly Evidence<unknown>[]>;
  return factNames.filter((fact) => evidence[fact].some(({ state }) => state === "unreadable"));
}

function withReason(registry: RegistrySnapshot, reason: UnreadableReason): RegistrySnapshot {
  const { creationTemplates, scanning, registryPolicy, secrets, secretVersions, pulls } = registry;
  const changed = <T>(evidence: Evidence<T>): Evidence<T> =>
    evidence.state === "unreadable" ? { ...evidence, reason } : evidence;
  return {
    ...registry,
    creationTemplates: changed(creationTemplates),
    cachedRepositories: changed(registry.cachedRepositories),
    cachedLifecyclePolicies: changed(registry.cachedLifecyclePolicies),
    cachedRepositoryPolicies: changed(registry.cachedRepositoryPolicies),
    repositoryPulls: changed(registry.repositoryPulls),
    repositorySizes: changed(registry.repositorySizes),
    scanning: changed(scanning),
    registryPolicy: changed(registryPolicy),
    secrets: Object.fromEntries(Object.entries(secrets).map(([arn, secret]) => [arn, changed(secret)])),
    secretVersions: Object.fromEntries(
      Object.entries(secretVersions).map(([arn, version]) => [arn, changed(version)]),
    ),
    pulls: changed(pulls),
  };
}

function scopeOf({ evaluating }: RegistryCase): PrefixFilter {
  return (prefix) => evaluating === undefined || (prefix !== null && evaluating.includes(prefix));
}

function gistOf({ kind, prefix, subject, data }: CheckEvaluation): Required<Expected> {
  return { kind, prefix, subject, data };
}

function withSubject(expected: Expected): Required<Expected> {
  return { subject: "", ...expected };
}

function passing({ prefix }: CheckEvaluation): Required<Expected> {
  return { kind: "passes", prefix, subject: "", data: {} };
}
