/** Fake checks with the IDs of real ones, and given results. */

import type { FindingCollectorOptions } from "../../src/audit/evaluate/collect-findings.ts";
import type {
  CheckEvaluation,
  EvaluationSubject,
  FleetCheck,
  RegistryCheck,
} from "../../src/checks/evaluation.ts";
import { openWaiverMatcher } from "../../src/policy/matching/waivers.ts";
import type { Waiver } from "../../src/policy/sections/waivers.ts";
import { NOW } from "../support/builders.ts";

function headOf(id: string) {
  return {
    id,
    severity: "medium",
    title: `Title of ${id}`,
    failsWhen: "…",
    docs: `docs/checks/${id}.md`,
    requirements: [],
    factsUnder: () => [],
    predictable: false,
    isDemanded: () => true,
    isAskedBy: () => true,
    causeOf: () => null,
    stepsFor: () => [],
  } as const;
}

/** A check of registries. */
export function aCheck(
  id: string,
  evaluate: (subject: EvaluationSubject) => readonly CheckEvaluation[],
  overrides: Partial<RegistryCheck> = {},
): RegistryCheck {
  return { ...headOf(id), looksAt: "registry", resultsPer: "rule", evaluate, ...overrides };
}

/** A fleet check that the policy requires. */
export function aFleetCheck(
  id: string,
  evaluate: FleetCheck["evaluate"],
  overrides: Partial<FleetCheck> = {},
): FleetCheck {
  return {
    ...headOf(id),
    looksAt: "fleet",
    evaluate,
    evaluateUnread: (_target, { reason }) =>
      anEvaluation({ status: "UNKNOWN", prefix: null, kind: "evidence-unreadable", data: { reason } }),
    ...overrides,
  };
}

/** A fleet check with the same result for every rule. */
export function aFleetCheckSaying(id: string, overrides: Partial<CheckEvaluation> = {}): FleetCheck {
  return aFleetCheck(
    id,
    () => (_target, rules) =>
      rules.map((rule) => anEvaluation({ prefix: rule.ecrRepositoryPrefix, ...overrides })),
  );
}

/** A failure of the rule `docker-hub`. */
export function anEvaluation(overrides: Partial<CheckEvaluation> = {}): CheckEvaluation {
  return {
    status: "FAIL",
    prefix: "docker-hub",
    subject: "",
    kind: "bad",
    data: { why: "so" },
    prose: () => ({ title: "Bad", message: "It is bad.", remediation: "Mend it." }),
    action: () => ({ action: "instruct" }),
    ...overrides,
  };
}

/** Collector options that leave out passing results, with `waivers`. */
export function findingCollectorOptions(...waivers: readonly Waiver[]): FindingCollectorOptions {
  return { includePassing: false, waivers: openWaiverMatcher(waivers, NOW) };
}
