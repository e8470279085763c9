import type { PolicyFile } from "../../support/builders.ts";
import { isPlaced } from "./in-force.ts";
import type { Answer, SeenRegistry, SeenRule } from "./model.ts";
import { failsOf, notDemanded, passes, type RuleOracle } from "./said.ts";
import { bare, fits, fitsAny, isWithin } from "./wildcards.ts";

/** The checks that hold a rule against its neighbours, and against what the policy says of the registry. */
export const neighbourChecks = {
  "root-prefix": ({ rule, policy }) => {
    if (policy.prefixes?.root === "allow") return notDemanded;
    return failsOf([rule.prefix === "ROOT" && "root-forbidden"]);
  },

  "overlapping-prefixes": ({ rule, rules, policy }) => {
    if (policy.prefixes?.overlap === "allow") return notDemanded;
    const around = rules.filter((other) => other !== rule && other.prefix !== "ROOT");
    return failsOf(around.map((other) => isWithin(rule.prefix, other.prefix) && "prefix-inside-another"));
  },

  "duplicate-upstream": ({ rule, rules, policy }) => {
    if (policy.prefixes?.duplicateUpstreams !== "forbid") return notDemanded;
    const same = rules.filter(
      ({ url, upstreamPrefix }) => url === rule.url && upstreamPrefix === rule.upstreamPrefix,
    );
    const oldest = same.map((one) => `${one.createdAt} ${one.prefix}`).sort()[0];
    return failsOf([oldest !== `${rule.createdAt} ${rule.prefix}` && "upstream-cached-already"]);
  },

  "undeclared-rule": ({ rule, registry, policy }) => {
    if (policy.undeclaredRules !== "forbid") return notDemanded;
    const namesakes = (policy.requiredRules ?? []).filter(({ prefix }) => bare(prefix) === bare(rule.prefix));
    if (namesakes.some((required) => isPlaced(required, registry.place))) return passes;
    return failsOf([namesakes.length === 0 ? "rule-undeclared" : "rule-declared-elsewhere"]);
  },
} satisfies Record<string, RuleOracle>;

/** What `required-rule` has to say of a registry. */
export function requiredRuleAnswers(
  { place }: SeenRegistry,
  rules: readonly SeenRule[],
  policy: PolicyFile,
): readonly Omit<Answer, "check">[] {
  const demands = (policy.requiredRules ?? [])
    .filter((required) => isPlaced(required, place))
    .map(({ prefix, registry, urls = [], upstreamPrefixes = [] }) =>
      JSON.stringify([bare(prefix), registry, urls, upstreamPrefixes]),
    );
  if (demands.length === 0) return notDemanded.map((said) => ({ ...said, prefix: null }));
  const byPrefix = Map.groupBy(new Set(demands), (demand) => String(JSON.parse(demand)[0]));
  return [...byPrefix].flatMap(([prefix, ofPrefix]) => {
    const rule = rules.find((one) => bare(one.prefix) === prefix);
    const kinds = ofPrefix.map((demand) => {
      if (rule === undefined) return "rule-missing";
      const [, registry, urls, upstreamPrefixes] = JSON.parse(demand);
      return !isDemanded(rule, registry, urls, upstreamPrefixes) && "rule-differs";
    });
    return failsOf(kinds).map((said) => ({ ...said, prefix: rule?.prefix ?? prefix }));
  });
}

function isDemanded(
  { upstream, url, upstreamPrefix }: SeenRule,
  registry: string,
  urls: readonly string[],
  upstreamPrefixes: readonly string[],
): boolean {
  const isHost = urls.length === 0 || fitsAny(urls, url);
  const isPart = upstreamPrefixes.length === 0 || upstreamPrefixes.some((one) => fits(one, upstreamPrefix));
  return upstream === registry && isHost && isPart;
}

/** What `rule-quota` has to say of a registry. */
export function quotaAnswers(rules: readonly SeenRule[]): readonly Omit<Answer, "check">[] {
  return failsOf([rules.length >= 40 && "quota-nearly-used"]).map((said) => ({ ...said, prefix: null }));
}
