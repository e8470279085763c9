import type { PlannedRule, RuleChange } from "../../model/remedy-plan.ts";

/** The rule as a change leaves it; `null` where it leaves none. */
export type Resulting = { readonly change: RuleChange; readonly rule: PlannedRule };

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

/** A parameter's name as templates and command lines spell it: `credential_arn` of `credentialArn`. */
export function spelled(parameter: string, joint: "-" | "_"): string {
  return parameter.replaceAll(/[A-Z]/g, (letter) => `${joint}${letter.toLowerCase()}`);
}

/** A word with a capital letter. */
export function capitalized(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
