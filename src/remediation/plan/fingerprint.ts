import { digestOf } from "../../core/ids.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { upstreamHost } from "../../ecr/upstream.ts";

/** A canonical text of a rule. Rules with equal settings have equal texts, regardless of dates and spelling. */
export function ruleText(rule: PlannedRule): string {
  return JSON.stringify([
    rule.ecrRepositoryPrefix,
    upstreamHost(rule.upstreamRegistryUrl),
    withoutSlash(rule.upstreamRepositoryPrefix),
    rule.credentialArn,
    rule.customRoleArn,
  ]);
}

/** The fingerprint of a registry's rules, independent of their order. */
export function fingerprintOf(rules: readonly PlannedRule[]): string {
  return digestOf(rules.map(ruleText).toSorted().join("\n"));
}
