import type { PlannedRule, RemedyPlan, RuleChange } from "../../model/remedy-plan.ts";
import { inlineText } from "../escape/inline.ts";
import { counted } from "../words.ts";

const verbs = {
  create: "Create",
  update: "Update",
  replace: "Replace",
  delete: "Delete",
} as const satisfies Record<RuleChange["action"], string>;

/** What a change does, in one line: `Replace docker by docker-hub`. */
export function changeTitle({ action, before, after }: RuleChange): string {
  const [from, to] = [before?.ecrRepositoryPrefix, after?.ecrRepositoryPrefix];
  const prefix = inlineText(from ?? to ?? "");
  const successor = from === undefined || to === undefined || from === to ? "" : ` by ${inlineText(to)}`;
  return `${verbs[action]} ${prefix}${successor}`;
}

const parts = {
  ecrRepositoryPrefix: "prefix",
  upstreamRegistryUrl: "upstream",
  upstreamRepositoryPrefix: "upstream prefix",
  credentialArn: "credential",
  customRoleArn: "role",
} as const satisfies Record<keyof PlannedRule, string>;

/** What a change changes in the rule, one line for each part. */
export function changedParts({ before, after }: RuleChange): readonly string[] {
  if (after === null) return [];
  return partNames.flatMap((part) => {
    const [from, to] = [before?.[part] ?? null, after[part]];
    if (from === to) return [];
    const was = before === null ? "" : `${from === null ? "none" : inlineText(from)} → `;
    return [`${parts[part]}: ${was}${to === null ? "none" : inlineText(to)}`];
  });
}

const partNames = Object.keys(parts).filter((name): name is keyof PlannedRule => Object.hasOwn(parts, name));

/** What the plan holds, in one sentence. */
export function planSummary({ registries, instructions, leftAlone }: RemedyPlan): string {
  const changes = registries.flatMap((registry) => registry.changes);
  if (changes.length + instructions.length === 0 && leftAlone.length === 0)
    return "Nothing is to be changed.";
  const alone = leftAlone.length === 0 ? "" : `; ${counted(leftAlone.length, "finding")} left alone`;
  return `${counted(changes.length, "change")} in ${counted(registries.length, "registry", "registries")}, ${counted(instructions.length, "finding")} for people${alone}.`;
}
