import type { PolicyFile } from "../../support/builders.ts";
import { isAsked, type OracleId } from "./demands.ts";
import { factChecks, registryPolicyAnswers } from "./fact-checks.ts";
import { isPlaced } from "./in-force.ts";
import type { Answer, SeenRegistry } from "./model.ts";
import { neighbourChecks, quotaAnswers, requiredRuleAnswers } from "./registry-checks.ts";
import { type Case, notDemanded, type RuleOracle, type Said, unknownCases } from "./said.ts";
import { upstreamChecks } from "./upstream-checks.ts";

/**
 * Every check with its severity, as the contract has them, and a check of a policy's own. Of `registry-policy` the
 * oracle knows only some documents by heart, of `customChecks` one expression: what the languages of IAM and CEL mean
 * is not put simply, and has tests of its own.
 */
const severities = {
  "rule-validation": "high",
  "allowed-upstream": "high",
  "prefix-convention": "medium",
  "root-prefix": "high",
  "overlapping-prefixes": "medium",
  "duplicate-upstream": "low",
  "upstream-credentials": "high",
  "secret-health": "medium",
  "upstream-role": "medium",
  "upstream-scope": "medium",
  "required-rule": "high",
  "undeclared-rule": "medium",
  "creation-template": "medium",
  "scan-coverage": "medium",
  "registry-policy": "high",
  "rule-quota": "low",
  "fleet-consistency": "low",
  "no-quay": "critical",
} satisfies Record<OracleId, string>;

type Unplaced = readonly Omit<Answer, "check">[];

/** What a check has to say of a registry whose rules are known. */
type RegistryOracle = (subject: Omit<Case, "rule">) => Unplaced;

/**
 * What each check has to say of one registry; `null` for those that compare registries, see `fleet.ts`. Does not
 * compile when a check of the catalogue is missing.
 */
const oracles = {
  "rule-validation": ofRules(factChecks["rule-validation"]),
  "allowed-upstream": ofRules(upstreamChecks["allowed-upstream"]),
  "prefix-convention": ofRules(upstreamChecks["prefix-convention"]),
  "root-prefix": ofRules(neighbourChecks["root-prefix"]),
  "overlapping-prefixes": ofRules(neighbourChecks["overlapping-prefixes"]),
  "duplicate-upstream": ofRules(neighbourChecks["duplicate-upstream"]),
  "upstream-credentials": ofRules(upstreamChecks["upstream-credentials"]),
  "secret-health": ofRules(factChecks["secret-health"]),
  "upstream-role": ofRules(upstreamChecks["upstream-role"]),
  "upstream-scope": ofRules(upstreamChecks["upstream-scope"]),
  "required-rule": ({ registry, rules, policy }) => requiredRuleAnswers(registry, rules, policy),
  "undeclared-rule": ofRules(neighbourChecks["undeclared-rule"]),
  "creation-template": ofRules(factChecks["creation-template"]),
  "scan-coverage": ofRules(factChecks["scan-coverage"]),
  "registry-policy": ({ registry, rules, policy }) => registryPolicyAnswers(registry, rules, policy),
  "rule-quota": ({ rules }) => quotaAnswers(rules),
  "fleet-consistency": null,
  "no-quay": ofRules(upstreamChecks["no-quay"]),
} satisfies Record<OracleId, RegistryOracle | null>;

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
    const oracle: RegistryOracle | null = oracles[check];
    if (oracle === null) return [];
    const answers = rules.known
      ? oracle({ rules: rules.value, registry, policy, today })
      : onUnread(check, registry, policy).map((said) => ({ ...said, prefix: null }));
    return answers.map((answer) => ({ check, ...answer }));
  });
}

/** What a check has to say of a registry whose rules nobody knows. */
function onUnread(check: OracleId, { place }: SeenRegistry, policy: PolicyFile): readonly Said[] {
  if (!isAsked[check](policy)) return [];
  const isElsewhere = check === "required-rule" && !policy.requiredRules?.some((one) => isPlaced(one, place));
  return isElsewhere ? notDemanded : unknownCases;
}

/** The checks that a policy has and leaves on. */
export function checksOn({ checks = {}, customChecks = [] }: PolicyFile): readonly OracleId[] {
  return Object.keys(severities)
    .filter(isOracleId)
    .filter((check) => check !== "no-quay" || customChecks.length > 0)
    .filter((check) => checks[check]?.enabled !== false);
}

/** How much a failure of a check matters. */
export function severityOf(check: string, { checks = {} }: PolicyFile): string {
  return checks[check]?.severity ?? (isOracleId(check) ? severities[check] : "");
}

function isOracleId(check: string): check is OracleId {
  return Object.hasOwn(severities, check);
}
