import { digestOf } from "../../core/ids.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { upstreamHost } from "../../ecr/upstream.ts";

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
