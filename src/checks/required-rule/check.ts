import { isCreationUnclear, partitionOf } from "../../ecr/partition.ts";
import { matchesAnyPrefix, withoutSlash } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { matchesHost } from "../../policy/matching/allowed.ts";
import { namesRegistry } from "../../policy/matching/where.ts";
import type { Policy } from "../../policy/schema.ts";
import type { RequiredRule } from "../../policy/sections/required-rules.ts";
import { defineRegistryCheck } from "../define-check.ts";
import { pass, type RegistryVerdict } from "../verdict.ts";
import { requiredRuleRemediation } from "./remediation.ts";
import { type RequiredRuleKinds, type RequiredUpstream, requiredRuleText } from "./text.ts";

/** Fails if a rule that the policy requires in the registry is missing, or caches something else. */
export const requiredRule = defineRegistryCheck({
  id: "required-rule",
  severity: "high",
  text: requiredRuleText,
  remediation: requiredRuleRemediation,
  predictable: true,
  isDemanded: ({ requiredRules }) => requiredRules.length > 0,
  isDemandedOf: (target, policy) => entriesFor(target, policy).length > 0,
  evaluate: ({ ruleNamed, registry, policy }) => {
    const entries = entriesFor(registry.target, policy);
    const byPrefix = Map.groupBy(entries, ({ prefix }) => withoutSlash(prefix));
    return [...byPrefix].flatMap(([prefix, ofPrefix]) =>
      evaluatePrefix(prefix, demandsOf(ofPrefix), ruleNamed(prefix)?.rule, registry.target),
    );
  },
});

function entriesFor(target: Target, { requiredRules }: Policy): readonly RequiredRule[] {
  return requiredRules.filter((entry) => namesRegistry(entry, target));
}

/** The distinct requirements of entries. Entries whose registries overlap may require the same more than once. */
function demandsOf(entries: readonly RequiredRule[]): ReadonlyMap<string, RequiredUpstream> {
  const demands = entries.map(({ registry, urls = [], upstreamPrefixes = [] }) => ({
    registry,
    urls,
    upstreamPrefixes,
  }));
  return new Map(demands.map((demand) => [JSON.stringify(demand), demand]));
}

function evaluatePrefix(
  prefix: string,
  demands: ReadonlyMap<string, RequiredUpstream>,
  rule: PullThroughCacheRule | undefined,
  { region }: Target,
): readonly RegistryVerdict<RequiredRuleKinds>[] {
  const { id: partition } = partitionOf(region);
  if (rule === undefined && isCreationUnclear(region)) {
    return Array.from(demands, ([subject, required]) => ({
      status: "UNKNOWN",
      kind: "rule-may-be-impossible",
      prefix,
      subject,
      data: { required, partition },
    }));
  }
  if (rule === undefined) {
    return Array.from(demands, ([subject, required]) => ({
      status: "FAIL",
      kind: "rule-missing",
      prefix,
      subject,
      data: { required },
    }));
  }
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix } = rule;
  const unmet = Array.from(demands).filter(([, required]) => !caches(rule, required));
  if (unmet.length === 0) return [{ ...pass, prefix: ecrRepositoryPrefix }];
  return unmet.map(([subject, required]) => ({
    status: "FAIL",
    kind: "rule-differs",
    prefix: ecrRepositoryPrefix,
    subject,
    data: { required, upstreamRegistryUrl, upstreamRepositoryPrefix },
  }));
}

function caches(
  { upstreamRegistry, upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule,
  { registry, urls, upstreamPrefixes }: RequiredUpstream,
): boolean {
  return (
    upstreamRegistry === registry &&
    (urls.length === 0 || matchesHost(urls, upstreamRegistryUrl)) &&
    (upstreamPrefixes.length === 0 || matchesAnyPrefix(upstreamPrefixes, upstreamRepositoryPrefix))
  );
}
