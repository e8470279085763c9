/** Checks that stand in for real ones by their ids, and answer what they are told to. */

import type { TallyOptions } from "../../src/audit/evaluate/collect-findings.ts";
import type {
  FleetCheck,
  FleetJudgement,
  Judgement,
  JudgeSubject,
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
    factsUnder: () => [],
  } as const;
}

/** A check of registries. */
export function aCheck(
  id: string,
  judge: (subject: JudgeSubject) => readonly Judgement[],
  overrides: Partial<RegistryCheck> = {},
): RegistryCheck {
  return { ...headOf(id), looksAt: "registry", judge, ...overrides };
}

/** A check of the fleet, which is demanded. */
export function aFleetCheck(
  id: string,
  judge: FleetCheck["judge"],
  overrides: Partial<FleetCheck> = {},
): FleetCheck {
  return {
    ...headOf(id),
    looksAt: "fleet",
    isDemanded: () => true,
    judge,
    judgeUnread: (_target, { reason }) =>
      aJudgement({ status: "UNKNOWN", prefix: null, kind: "evidence-unreadable", data: { reason } }),
    ...overrides,
  };
}

/** A check of the fleet that says the same of every rule. */
export function aFleetCheckSaying(id: string, overrides: Partial<Judgement> = {}): FleetCheck {
  return aFleetCheck(id, (rules) =>
    rules.map(({ target, rule }): FleetJudgement => {
      return { target, judgement: aJudgement({ prefix: rule.ecrRepositoryPrefix, ...overrides }) };
    }),
  );
}

/** A failure of the rule `docker-hub`. */
export function aJudgement(overrides: Partial<Judgement> = {}): Judgement {
  return {
    status: "FAIL",
    prefix: "docker-hub",
    subject: "",
    kind: "bad",
    data: { why: "so" },
    prose: () => ({ title: "Bad", message: "It is bad.", remediation: "Mend it." }),
    ...overrides,
  };
}

/** How a tally is kept that leaves out what passes, with `waivers`. */
export function tallyOptions(...waivers: readonly Waiver[]): TallyOptions {
  return { includePassing: false, waivers: openWaiverMatcher(waivers, NOW) };
}
