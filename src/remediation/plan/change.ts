import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { type PullThroughCacheRule, plannedRuleOf, ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { RuleChange } from "../../schemas/remediation-plan.ts";
import { operationOf } from "../rule-operation.ts";
import type { Draft } from "./draft.ts";

/** The parts of a change that say what kind of change it is. */
type Parts = {
  readonly kind: RuleChange["action"];
  readonly before: PlannedRule | null;
  readonly after: PlannedRule | null;
};

/** What a change means to those who pull, in whole sentences. */
export function effectsOf({ kind, before, after }: Parts): readonly string[] {
  switch (kind) {
    case "create":
      return after === null
        ? []
        : [
            `Pulls of ${namesUnder(after)} that are not in the registry go to ${upstreamOf(after)} from then on.`,
          ];
    case "update":
      return [
        "Images that are not cached are pulled with it from then on; cached repositories stay as they are.",
      ];
    case "delete":
      return before === null ? [] : [staying(before), stopping(before)];
    case "replace":
      return before === null || after === null ? [] : effectsOfReplacing(before, after);
  }
}

function effectsOfReplacing(before: PlannedRule, after: PlannedRule): readonly string[] {
  if (before.ecrRepositoryPrefix !== after.ecrRepositoryPrefix) {
    return [
      `Image names change from ${namesUnder(before)} to ${namesUnder(after)}: whoever pulls must be told.`,
      staying(before),
      stopping(before),
    ];
  }
  const gap = "Between deletion and creation, cached images can be pulled and others can not.";
  if (upstreamOf(before) === upstreamOf(after)) return ["Cached repositories stay.", gap];
  return [
    `Pulls of ${namesUnder(after)} go to ${upstreamOf(after)} from then on.`,
    `Cached repositories stay with what they have of ${upstreamOf(before)}: delete images that must not be served any more.`,
    gap,
  ];
}

function staying(rule: PlannedRule): string {
  return `Repositories cached as ${namesUnder(rule)} stay and can be pulled; they are not refreshed any more.`;
}

function stopping(rule: PlannedRule): string {
  return `Pulls of ${namesUnder(rule)} that are not cached stop.`;
}

function namesUnder({ ecrRepositoryPrefix }: PlannedRule): string {
  return ecrRepositoryPrefix === ROOT_PREFIX
    ? "repositories that no other rule catches"
    : `${withoutSlash(ecrRepositoryPrefix)}/…`;
}

function upstreamOf({ upstreamRegistryUrl, upstreamRepositoryPrefix: part }: PlannedRule): string {
  return part === ROOT_PREFIX ? upstreamRegistryUrl : `${upstreamRegistryUrl}/${part}`;
}

/** The prefix by which a change is known: the one of the rule that is, or else of the one to come. */
export function prefixOf({ before, after }: Draft): string {
  return (before ?? after)?.ecrRepositoryPrefix ?? "";
}

/** What a draft does to its rule; one that changes nothing counts as an update. */
export function actionOf({ before, after }: Draft): RuleChange["action"] {
  const operation = operationOf(
    before === null ? null : plannedRuleOf(before),
    after === null ? null : planned(after),
  );
  return operation?.kind ?? "update";
}

/** The change that a draft makes, and which findings it is made for. */
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

/** A rule as it is to be, in the words of plans: one for `ROOT` caches the whole upstream. */
export function planned(rule: PullThroughCacheRule): PlannedRule {
  const seen = plannedRuleOf(rule);
  return seen.ecrRepositoryPrefix === ROOT_PREFIX ? { ...seen, upstreamRepositoryPrefix: ROOT_PREFIX } : seen;
}
