import type { CheckId } from "../../../src/checks/index.ts";
import type { Severity } from "../../../src/schemas/finding.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { factChecks, registryPolicyAnswers } from "./fact-checks.ts";
import { isPlaced } from "./in-force.ts";
import type { Answer, SeenRegistry } from "./model.ts";
import { neighbourChecks, quotaAnswers, requiredRuleAnswers } from "./registry-checks.ts";
import { type Case, notDemanded, type RuleOracle, type Said, unknownCases } from "./said.ts";
import { upstreamChecks } from "./upstream-checks.ts";

/** The checks that the oracle knows: those of the catalogue, and the one of a policy's own that storms are made with. */
export type OracleId = CheckId | "no-quay";

type Unplaced = readonly Omit<Answer, "check">[];

/** What a check has to say of a registry whose rules are known. */
type RegistryOracle = (subject: Omit<Case, "rule">) => Unplaced;

/** What the oracle knows of a check. */
type CheckOracle = {
  readonly severity: Severity;
  /**
   * Whether the policy asks for it at all: of a check that it does not ask for, an unread registry gives no UNKNOWN.
   * It does when left out.
   */
  readonly isAsked?: (policy: PolicyFile) => boolean;
  /** Of one registry; `null` where the check compares registries, see `fleet.ts`. */
  readonly answers: RegistryOracle | null;
};

/**
 * Every check as the contract has it. Does not compile when a check of the catalogue is missing. Of `registry-policy`
 * the oracle knows only some documents by heart, of `customChecks` one expression: what the languages of IAM and CEL
 * mean is not put simply, and has tests of its own.
 */
const oracles: Readonly<Record<OracleId, CheckOracle>> = {
  "rule-validation": {
    severity: "high",
    answers: ofRules(factChecks["rule-validation"]),
  },
  "allowed-upstream": {
    severity: "high",
    answers: ofRules(upstreamChecks["allowed-upstream"]),
  },
  "prefix-convention": {
    severity: "medium",
    answers: ofRules(upstreamChecks["prefix-convention"]),
  },
  "root-prefix": {
    severity: "high",
    answers: ofRules(neighbourChecks["root-prefix"]),
  },
  "overlapping-prefixes": {
    severity: "medium",
    answers: ofRules(neighbourChecks["overlapping-prefixes"]),
  },
  "duplicate-upstream": {
    severity: "low",
    isAsked: ({ prefixes }) => prefixes?.duplicateUpstreams === "forbid",
    answers: ofRules(neighbourChecks["duplicate-upstream"]),
  },
  "upstream-credentials": {
    severity: "high",
    answers: ofRules(upstreamChecks["upstream-credentials"]),
  },
  "secret-health": {
    severity: "medium",
    isAsked: ({ secrets }) => secrets !== undefined,
    answers: ofRules(factChecks["secret-health"]),
  },
  "upstream-role": {
    severity: "medium",
    answers: ofRules(upstreamChecks["upstream-role"]),
  },
  "upstream-scope": {
    severity: "medium",
    answers: ofRules(upstreamChecks["upstream-scope"]),
  },
  "required-rule": {
    severity: "high",
    isAsked: ({ requiredRules = [] }) => requiredRules.length > 0,
    answers: ({ registry, rules, policy }) => requiredRuleAnswers(registry, rules, policy),
  },
  "undeclared-rule": {
    severity: "medium",
    isAsked: ({ undeclaredRules }) => undeclaredRules === "forbid",
    answers: ofRules(neighbourChecks["undeclared-rule"]),
  },
  "creation-template": {
    severity: "medium",
    isAsked: ({ creationTemplates }) => creationTemplates !== undefined,
    answers: ofRules(factChecks["creation-template"]),
  },
  "scan-coverage": {
    severity: "medium",
    isAsked: ({ scanning }) => scanning !== undefined && scanning.required !== false,
    answers: ofRules(factChecks["scan-coverage"]),
  },
  "registry-policy": {
    severity: "high",
    isAsked: ({ registryPolicy }) => registryPolicy !== undefined,
    answers: ({ registry, rules, policy }) => registryPolicyAnswers(registry, rules, policy),
  },
  "rule-quota": {
    severity: "low",
    answers: ({ rules }) => quotaAnswers(rules),
  },
  "fleet-consistency": {
    severity: "low",
    answers: null,
  },
  "no-quay": {
    severity: "critical",
    answers: ofRules(upstreamChecks["no-quay"]),
  },
};

/** Asks of each rule what a check has to say of it. */
function ofRules(oracle: RuleOracle): RegistryOracle {
  return (subject) =>
    subject.rules.flatMap((rule) =>
      oracle({ ...subject, rule }).map((said) => ({ ...said, prefix: rule.prefix })),
    );
}

/** All that the checks of single registries have to say of one, in no order; waivers apart. */
export function answersOn(registry: SeenRegistry, policy: PolicyFile, today: string): readonly Answer[] {
  const { rules } = registry;
  return checksOn(policy).flatMap((check) => {
    const oracle = oracles[check].answers;
    if (oracle === null) return [];
    const answers = rules.known
      ? oracle({ rules: rules.value, registry, policy, today })
      : onUnread(check, registry, policy).map((said) => ({ ...said, prefix: null }));
    return answers.map((answer) => ({ check, ...answer }));
  });
}

/** What a check has to say of a registry whose rules nobody knows. */
function onUnread(check: OracleId, { place }: SeenRegistry, policy: PolicyFile): readonly Said[] {
  if (!isAsked(check, policy)) return [];
  const isElsewhere = check === "required-rule" && !policy.requiredRules?.some((one) => isPlaced(one, place));
  return isElsewhere ? notDemanded : unknownCases;
}

/** Whether a policy asks for a check at all. */
export function isAsked(check: OracleId, policy: PolicyFile): boolean {
  return oracles[check].isAsked?.(policy) ?? true;
}

/** The checks that a policy has and leaves on. */
export function checksOn({ checks = {}, customChecks = [] }: PolicyFile): readonly OracleId[] {
  return Object.keys(oracles)
    .filter(isOracleId)
    .filter((check) => check !== "no-quay" || customChecks.length > 0)
    .filter((check) => checks[check]?.enabled !== false);
}

/** How much a failure of a check matters. */
export function severityOf(check: string, { checks = {} }: PolicyFile): string {
  return checks[check]?.severity ?? (isOracleId(check) ? oracles[check].severity : "");
}

function isOracleId(check: string): check is OracleId {
  return Object.hasOwn(oracles, check);
}
