import type { PlannedRule } from "../../ecr/rule.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { counted } from "../../render/words.ts";
import type { RemediationPlan, RuleChange } from "../../schemas/remediation-plan.ts";

/** A change and the rule that exists after it. */
type Resulting = { readonly change: RuleChange; readonly rule: PlannedRule };

/** Returns the rules that exist after some changes. */
export function resultsOf(changes: readonly RuleChange[]): readonly Resulting[] {
  return changes.flatMap((change) => (change.after === null ? [] : [{ change, rule: change.after }]));
}

/**
 * Derives a distinct name from each text, using only characters that templates allow. Names that would be the same get a
 * number.
 *
 * @param joint replaces the characters that are not allowed
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

/** Capitalizes the first letter of a word. */
export function capitalized(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

const verbs = {
  create: "Create",
  update: "Update",
  replace: "Replace",
  delete: "Delete",
} as const satisfies Record<RuleChange["action"], string>;

/** Describes a change in one line: `Replace docker with docker-hub`. */
export function changeTitle({ action, before, after }: RuleChange): string {
  const [from, to] = [before?.ecrRepositoryPrefix, after?.ecrRepositoryPrefix];
  const prefix = inlineText(from ?? to ?? "");
  const successor = from === undefined || to === undefined || from === to ? "" : ` with ${inlineText(to)}`;
  return `${verbs[action]} ${prefix}${successor}`;
}

const parts = {
  ecrRepositoryPrefix: "prefix",
  upstreamRegistryUrl: "upstream",
  upstreamRepositoryPrefix: "upstream prefix",
  credentialArn: "credential",
  customRoleArn: "role",
} as const satisfies Record<keyof PlannedRule, string>;

/** Lists the fields that a change modifies, one line each. */
export function changedFieldLines({ before, after }: RuleChange): readonly string[] {
  if (after === null) return [];
  return partNames.flatMap((part) => {
    const [from, to] = [before?.[part] ?? null, after[part]];
    if (from === to) return [];
    const was = before === null ? "" : `${from === null ? "none" : inlineText(from)} → `;
    return [`${parts[part]}: ${was}${to === null ? "none" : inlineText(to)}`];
  });
}

const partNames = Object.keys(parts).filter((name): name is keyof PlannedRule => Object.hasOwn(parts, name));

/** Summarizes the plan in one sentence. */
export function planSummary({ registries, instructions, leftAlone }: RemediationPlan): string {
  const changes = registries.flatMap((registry) => registry.changes);
  if (changes.length + instructions.length === 0 && leftAlone.length === 0) return "No changes are needed.";
  const skipped = leftAlone.length === 0 ? "" : `; ${counted(leftAlone.length, "finding")} skipped`;
  return `${counted(changes.length, "change")} in ${counted(registries.length, "registry", "registries")}, ${counted(instructions.length, "finding")} to fix manually${skipped}.`;
}
