import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { type PullThroughCacheRule, plannedRuleOf, ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { RuleChange } from "../../schemas/remediation-plan.ts";
import { operationOf } from "../rule-operation.ts";
import type { Draft } from "./draft.ts";

/** The parts of a change that determine its effects. */
type Parts = {
  readonly kind: RuleChange["action"];
  readonly before: PlannedRule | null;
  readonly after: PlannedRule | null;
};

/** The effects of a change on pulls, in full sentences. */
export function effectsOf({ kind, before, after }: Parts): readonly string[] {
  switch (kind) {
    case "create":
      return after === null
        ? []
        : [`Pulls of ${namesUnder(after)} that are not in the registry will go to ${upstreamOf(after)}.`];
    case "update":
      return [
        "Images that are not cached will be pulled with the new credential or role. Cached repositories do not change.",
      ];
    case "delete":
      return before === null ? [] : [staying(before), stopping(before)];
    case "replace":
      return before === null || after === null ? [] : effectsOfReplacing(before, after);
  }
}

function effectsOfReplacing(before: PlannedRule, after: PlannedRule): readonly string[] {
  if (before.ecrRepositoryPrefix !== after.ecrRepositoryPrefix) {
    return [`${renaming(before, after)} Inform everybody who pulls them.`, staying(before), stopping(before)];
  }
  const gap = "Between deletion and creation, only cached images can be pulled.";
  if (upstreamOf(before) === upstreamOf(after)) return ["Cached repositories do not change.", gap];
  return [
    `Pulls of ${namesUnder(after)} will go to ${upstreamOf(after)}.`,
    `Cached repositories keep their images from ${upstreamOf(before)}. Delete images that must no longer be served.`,
    gap,
  ];
}

function renaming(before: PlannedRule, after: PlannedRule): string {
  if (before.ecrRepositoryPrefix === ROOT_PREFIX) {
    return `Images whose names match no other rule will be pulled as ${namesUnder(after)}.`;
  }
  return after.ecrRepositoryPrefix === ROOT_PREFIX
    ? `Images will be pulled without the prefix of ${namesUnder(before)}.`
    : `Image names change from ${namesUnder(before)} to ${namesUnder(after)}.`;
}

function staying(rule: PlannedRule): string {
  if (rule.ecrRepositoryPrefix === ROOT_PREFIX) {
    return "Repositories that the rule ROOT cached remain and can be pulled, but are no longer refreshed.";
  }
  return `Repositories cached as ${namesUnder(rule)} remain and can be pulled, but are no longer refreshed.`;
}

function stopping(rule: PlannedRule): string {
  if (rule.ecrRepositoryPrefix === ROOT_PREFIX) {
    return "Pulls of images that match no other rule and are not cached will fail.";
  }
  return `Pulls of ${namesUnder(rule)} that are not cached will fail.`;
}

function namesUnder({ ecrRepositoryPrefix }: PlannedRule): string {
  return ecrRepositoryPrefix === ROOT_PREFIX
    ? "repositories that match no other rule"
    : `${withoutSlash(ecrRepositoryPrefix)}/…`;
}

function upstreamOf({ upstreamRegistryUrl, upstreamRepositoryPrefix: part }: PlannedRule): string {
  return part === ROOT_PREFIX ? upstreamRegistryUrl : `${upstreamRegistryUrl}/${part}`;
}

/** The prefix that identifies a change: that of the existing rule, or else of the new one. */
export function prefixOf({ before, after }: Draft): string {
  return (before ?? after)?.ecrRepositoryPrefix ?? "";
}

/** The action of a draft. A draft that changes nothing counts as an update. */
export function actionOf({ before, after }: Draft): RuleChange["action"] {
  const operation = operationOf(
    before === null ? null : plannedRuleOf(before),
    after === null ? null : planned(after),
  );
  return operation?.kind ?? "update";
}

/** The change that a draft makes, with the findings that it fixes. */
export function changeOf(draft: Draft, fixes: readonly Finding[]): RuleChange {
  const action = actionOf(draft);
  const before = draft.before === null ? null : plannedRuleOf(draft.before);
  const after = draft.after === null ? null : planned(draft.after);
  const because = fixes
    .map(({ check, kind, title }) => ({ check, kind, title }))
    .toSorted((a, b) => compareValues(a.check, b.check) || compareValues(a.kind, b.kind));
  const rest = { because, effects: effectsOf({ kind: action, before, after }) };
  if (before === null && after !== null) return { action: "create", before, after, ...rest };
  if (before !== null && after === null) return { action: "delete", before, after, ...rest };
  if (before === null || after === null) throw new Error("a change has a rule before or after it");
  return { action: action === "update" ? "update" : "replace", before, after, ...rest };
}

/** A wanted rule as a plan spells it: a rule with the prefix `ROOT` caches the whole upstream. */
export function planned(rule: PullThroughCacheRule): PlannedRule {
  const seen = plannedRuleOf(rule);
  return seen.ecrRepositoryPrefix === ROOT_PREFIX ? { ...seen, upstreamRepositoryPrefix: ROOT_PREFIX } : seen;
}
