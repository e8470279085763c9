import type { Finding } from "../model/finding.ts";
import { compareValues } from "../model/order.ts";
import type { PlannedRule, RuleChange } from "../model/remedy-plan.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../model/rule.ts";
import { deedOf } from "./deed.ts";
import type { Draft } from "./draft.ts";
import { effectsOf } from "./effects.ts";

/** The prefix by which a change is known: the one of the rule that is, or else of the one to come. */
export function prefixOf({ before, after }: Draft): string {
  return (before ?? after)?.ecrRepositoryPrefix ?? "";
}

/** What a draft does to its rule; one that changes nothing counts as an update. */
export function actionOf({ before, after }: Draft): RuleChange["action"] {
  const deed = deedOf(before === null ? null : asIs(before), after === null ? null : planned(after));
  return deed?.kind ?? "update";
}

/** The change that a draft makes, and which findings it is made for. */
export function changeOf(draft: Draft, mends: readonly Finding[]): RuleChange {
  const action = actionOf(draft);
  const before = draft.before === null ? null : asIs(draft.before);
  const after = draft.after === null ? null : planned(draft.after);
  const because = mends
    .map(({ check, kind, title }) => ({ check, kind, title }))
    .toSorted((a, b) => compareValues(a.check, b.check) || compareValues(a.kind, b.kind));
  const rest = { because, effects: effectsOf({ kind: action, before, after }) };
  if (before === null && after !== null) return { action: "create", before, after, ...rest };
  if (before !== null && after === null) return { action: "delete", before, after, ...rest };
  if (before === null || after === null) throw new Error("a change has a rule before or after it");
  return { action: action === "update" ? "update" : "replace", before, after, ...rest };
}

/** A rule as it was seen, in the words of plans. */
export function asIs({
  ecrRepositoryPrefix,
  upstreamRegistryUrl,
  upstreamRepositoryPrefix,
  credentialArn,
  customRoleArn,
}: PullThroughCacheRule): PlannedRule {
  return { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn };
}

/** A rule as it is to be, in the words of plans: one for `ROOT` caches the whole upstream. */
export function planned(rule: PullThroughCacheRule): PlannedRule {
  const seen = asIs(rule);
  return seen.ecrRepositoryPrefix === ROOT_PREFIX ? { ...seen, upstreamRepositoryPrefix: ROOT_PREFIX } : seen;
}
