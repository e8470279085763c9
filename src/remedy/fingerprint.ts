import { digestOf } from "../model/digest.ts";
import type { PlannedRule } from "../model/remedy-plan.ts";
import { upstreamHost } from "../model/upstream.ts";
import { withoutSlash } from "../policy/prefix.ts";

/** What a rule is made of, as one text: equal for equal rules, whatever their ages and however spelled. */
export function ruleText(rule: PlannedRule): string {
  return JSON.stringify([
    rule.ecrRepositoryPrefix,
    upstreamHost(rule.upstreamRegistryUrl),
    withoutSlash(rule.upstreamRepositoryPrefix),
    rule.credentialArn,
    rule.customRoleArn,
  ]);
}

/** The fingerprint of a registry's rules, in whatever order they come. */
export function fingerprintOf(rules: readonly PlannedRule[]): string {
  return digestOf(rules.map(ruleText).toSorted().join("\n"));
}
