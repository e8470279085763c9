import type { PlannedRule } from "../../ecr/rule.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { counted } from "../../render/words.ts";
import type { RemediationPlan, RuleChange } from "../../schemas/remediation-plan.ts";

/** The rule as a change leaves it; `null` where it leaves none. */
type Resulting = { readonly change: RuleChange; readonly rule: PlannedRule };

/** The rules that changes leave behind. */
export function resultsOf(changes: readonly RuleChange[]): readonly Resulting[] {
  return changes.flatMap((change) => (change.after === null ? [] : [{ change, rule: change.after }]));
}

/**
 * Names for things that are known by texts, in the letters that templates allow, none of them twice: what can not be
 * kept of a text is told apart by numbers.
 *
 * @param joint what stands where the texts have something else
 */
export function distinctNames(texts: readonly string[], joint: "" | "_"): readonly string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const base = joint === "" ? words.map(capitalized).join("") : words.join(joint);
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base}${joint}${count}`;
    taken.add(name);
    return name;
  });
}

/** A word with a capital letter. */
export function capitalized(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

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
export function planSummary({ registries, instructions, leftAlone }: RemediationPlan): string {
  const changes = registries.flatMap((registry) => registry.changes);
  if (changes.length + instructions.length === 0 && leftAlone.length === 0)
    return "Nothing is to be changed.";
  const alone = leftAlone.length === 0 ? "" : `; ${counted(leftAlone.length, "finding")} left alone`;
  return `${counted(changes.length, "change")} in ${counted(registries.length, "registry", "registries")}, ${counted(instructions.length, "finding")} for people${alone}.`;
}
