import { describe, expect, it } from "vitest";
import type { EvaluatedFinding } from "../../src/audit/evaluate/collect-findings.ts";
import { evaluateFleet, rulesOf } from "../../src/audit/evaluate/evaluate-fleet.ts";
import type { FleetCheck } from "../../src/checks/evaluation.ts";
import { findingId } from "../../src/core/ids.ts";
import { unreadable, unreadableReasonSchema } from "../../src/facts/evidence.ts";
import { type RegistrySnapshot, snapshotSchema } from "../../src/facts/snapshot.ts";
import { openWaiverMatcher } from "../../src/policy/matching/waivers.ts";
import type { Policy } from "../../src/policy/schema.ts";
import type { Waiver } from "../../src/policy/sections/waivers.ts";
import { aPolicy, aSnapshot, aTarget, aWaiver, NOW } from "./builders.ts";
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

/** Registries that are evaluated together, under one policy. */
export type FleetCase = Case & { readonly registries: readonly RegistrySnapshot[] };

/** An expected result and its registry. */
export type FleetExpected = Expected & {
  /** Default: the account of every target that is built of nothing but defaults. */
  readonly account?: string;
  readonly region: string;
};

/**
 * The expected results of a fleet check. A case lists only the results that do not pass; all others must pass.
 */
export type FleetTable = Table<FleetCase, FleetExpected>;

/** One case of such a table. */
export type FleetTrial = Trial<FleetCase, FleetExpected>;

/**
 * Tests a fleet check with a table of fleets. Besides the table, it tests registries whose rules could not be read, and
 * each failure with a waiver.
 *
 * @throws Error immediately if the table is not a complete test of the check
 */
export function testFleetCheck(check: FleetCheck, table: FleetTable): void {
  const { policy = aPolicy() } = table;
  refuse(check.id, tableProblems({ ...table, policy }));
  const groups = { ...trialsOf(table), "rules that could not be listed": unreadTrials };
  for (const [name, trials] of Object.entries(groups)) {
    describe.runIf(trials.length > 0)(name, () => {
      it.each(trials)("$given.name", (trial) => tryOnFleet(check, trial, policy));
    });
  }
  describe.runIf(groups.fails.length > 0)("is waived", () => {
    it.each(groups.fails)("$given.name", (trial) => tryWaivingFleet(check, trial, policy));
  });
}

/** Tries a check of the fleet on one case. */
export function tryOnFleet(check: FleetCheck, { given, status, says }: FleetTrial, byDefault: Policy): void {
  for (const registry of given.registries) expect(snapshotSchema.parse(registry)).toEqual(registry);
  const findings = findingsIn(check, given, byDefault, []);
  if (says === "nothing") {
    expect(findings).toEqual([]);
    return;
  }
  expect(findings).not.toEqual([]);
  const notPassing = findings.filter((finding) => finding.status !== "PASS");
  const expected = says === "passes" ? [] : says.map((said) => ({ status, ...placed(check, said) }));
  expect(notPassing.map(gistOf)).toEqual(expected);
  expect(duplicatesIn(findings.map(({ id }) => id))).toEqual([]);
  for (const finding of findings) expectWords(finding);
}

/** Tries a check of the fleet on one case in which it fails, with a waiver for it. */
export function tryWaivingFleet(check: FleetCheck, { given, says }: FleetTrial, byDefault: Policy): void {
  const waiver = aWaiver({ check: check.id });
  const findings = findingsIn(check, given, byDefault, [waiver]);
  const { reason, owner, ticket, expires } = waiver;
  const waived = findings.filter(({ status }) => status !== "PASS");
  expect(waived.map(({ id, status, waiver: note }) => ({ id, status, waiver: note }))).toEqual(
    typeof says === "string"
      ? []
      : says.map((said) => ({
          id: placed(check, said).id,
          status: "WAIVED",
          waiver: { reason, owner, ticket, expires },
        })),
  );
}

function findingsIn(
  check: FleetCheck,
  { registries, policy: own }: FleetCase,
  byDefault: Policy,
  waivers: readonly Waiver[],
): readonly EvaluatedFinding[] {
  const policy = deepFreeze(own ?? byDefault);
  const fleet = deepFreeze(registries.map(rulesOf));
  const options = { includePassing: true, waivers: openWaiverMatcher(waivers, NOW) };
  return evaluateFleet(fleet, () => policy, [check], options).findings;
}

/** One fleet for each reason: a registry that could not be read, and one that could. */
const unreadTrials: readonly FleetTrial[] = unreadableReasonSchema.options.map((reason) => {
  const evidence = { reason, operation: "ecr:DescribePullThroughCacheRules", detail: "as AWS said it" };
  const rules = unreadable(reason, evidence.operation, evidence.detail);
  const target = aTarget({ region: "us-east-1" });
  return {
    given: { name: reason, registries: [aSnapshot(), aSnapshot({ target, rules })] },
    status: "UNKNOWN",
    says: [{ kind: "evidence-unreadable", region: "us-east-1", prefix: null, data: evidence }],
  };
});

function gistOf({ id, status, account, region, prefix, kind, data }: EvaluatedFinding) {
  return { id, status, account, region, prefix, kind, data };
}

/** What is expected, with the id by which a finding with its subject is known. */
function placed({ id: check }: FleetCheck, expected: FleetExpected) {
  const { account = aTarget().account, region, prefix, kind, data, subject = "" } = expected;
  return { id: findingId({ account, region, prefix, check, subject }), account, region, prefix, kind, data };
}
