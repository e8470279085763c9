import type { PlannedRule, RuleChange } from "../model/remedy-plan.ts";
import { ROOT_PREFIX } from "../model/rule.ts";
import { withoutSlash } from "../policy/prefix.ts";

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
