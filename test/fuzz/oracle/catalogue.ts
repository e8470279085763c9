import { readdirSync, readFileSync } from "node:fs";
import { packageFile } from "../../../src/package-file.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { noQuay } from "../policies.ts";
import { isAsked } from "./demands.ts";
import { factChecks, registryPolicyAnswers } from "./fact-checks.ts";
import { isPlaced } from "./in-force.ts";
import type { Answer, SeenRegistry, SeenRule } from "./model.ts";
import { neighbourChecks, quotaAnswers, requiredRuleAnswers } from "./registry-checks.ts";
import { notDemanded, type RuleOracle, type Said, unknownCases } from "./said.ts";
import { upstreamChecks } from "./upstream-checks.ts";

/**
 * Every check with its severity, as people read them in its document, and a check of a policy's own. Of `registry-policy`
 * the oracle knows only some documents by heart, of `customChecks` one expression: what the languages of IAM and CEL mean
 * is not put simply, and has tests of its own.
 */
const severities: Readonly<Record<string, string>> = {
  ...Object.fromEntries(readdirSync(packageFile("docs/checks")).map(documented)),
  [noQuay.id]: noQuay.severity,
};

/** The check that a document is about, and its severity. */
function documented(name: string): readonly [string, string] {
  const text = readFileSync(packageFile(`docs/checks/${name}`), "utf8");
  const [, id, severity] = /^# ([a-z-]+)\n\n.*\. Default severity: `([a-z]+)`\.$/m.exec(text) ?? [];
  if (id === undefined || severity === undefined)
    throw new Error(`${name} does not begin as a check's document does`);
  return [id, severity];
}

const ruleChecks: Readonly<Record<string, RuleOracle>> = {
  ...factChecks,
  ...upstreamChecks,
  ...neighbourChecks,
};

type Unplaced = readonly Omit<Answer, "check">[];

/** All that the checks of single registries have to say of one, in no order; waivers apart. */
export function answersOn(registry: SeenRegistry, policy: PolicyFile, today: string): readonly Answer[] {
  const { rules } = registry;
  return checksOn(policy)
    .filter((check) => check !== "fleet-consistency")
    .flatMap((check) => {
      const answers = rules.known
        ? answersOf(check, rules.value, registry, policy, today)
        : onUnread(check, registry, policy).map((said) => ({ ...said, prefix: null }));
      return answers.map((answer) => ({ check, ...answer }));
    });
}

/** What a check has to say of a registry whose rules nobody knows. */
function onUnread(check: string, { place }: SeenRegistry, policy: PolicyFile): readonly Said[] {
  if (!isAsked(check, policy)) return [];
  const isElsewhere = check === "required-rule" && !policy.requiredRules?.some((one) => isPlaced(one, place));
  return isElsewhere ? notDemanded : unknownCases;
}

/** The checks that a policy has and leaves on. */
export function checksOn({ checks = {}, customChecks = [] }: PolicyFile): readonly string[] {
  return Object.keys(severities)
    .filter((check) => check !== noQuay.id || customChecks.length > 0)
    .filter((check) => checks[check]?.enabled !== false);
}

/** How much a failure of a check matters. */
export function severityOf(check: string, { checks = {} }: PolicyFile): string {
  return checks[check]?.severity ?? severities[check] ?? "";
}

function answersOf(
  check: string,
  rules: readonly SeenRule[],
  registry: SeenRegistry,
  policy: PolicyFile,
  today: string,
): Unplaced {
  if (check === "required-rule") return requiredRuleAnswers(registry, rules, policy);
  if (check === "registry-policy") return registryPolicyAnswers(registry, rules, policy);
  if (check === "rule-quota") return quotaAnswers(rules);
  const oracle = ruleChecks[check];
  if (oracle === undefined) throw new Error(`The oracle knows nothing of ${check}.`);
  return rules.flatMap((rule) =>
    oracle({ rule, rules, registry, policy, today }).map((said) => ({ ...said, prefix: rule.prefix })),
  );
}
