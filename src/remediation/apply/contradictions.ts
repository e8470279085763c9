import { jsonPath, type Problem } from "../../core/problem.ts";
import type { RegistryPlan, RemediationPlan, RuleChange } from "../../schemas/remediation-plan.ts";
import { effectsOf } from "../plan/change.ts";
import { fingerprintOf, ruleText } from "../plan/fingerprint.ts";
import { operationOf } from "../rule-operation.ts";

/**
 * Lists every contradiction in a plan: descriptions that do not match the contents, and parts that contradict each other.
 * An unedited plan of `plan` has none.
 */
export function contradictionsIn({ registries }: RemediationPlan): readonly Problem[] {
  const keysOfRegistries = registries.map(({ account, region }) => `${account} ${region}`);
  return registries.flatMap((registry, index) => {
    const keys = ["registries", index];
    const twice =
      keysOfRegistries.indexOf(keysOfRegistries[index] ?? "") === index ? [] : ["appears twice in the plan"];
    return [...problems(keys, twice), ...inRules(registry, keys), ...inChanges(registry, keys)];
  });
}

type Keys = readonly (string | number)[];

function problems(keys: Keys, messages: readonly string[]): readonly Problem[] {
  return messages.map((message) => ({ path: jsonPath([...keys]), message }));
}

function inRules({ rules, fingerprint }: RegistryPlan, keys: Keys): readonly Problem[] {
  const prefixes = rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
  return [
    ...(fingerprintOf(rules) === fingerprint
      ? []
      : problems([...keys, "fingerprint"], ["does not match the registry's rules"])),
    ...prefixes.flatMap((prefix, position) =>
      prefixes.indexOf(prefix) === position
        ? []
        : problems([...keys, "rules", position], ["has the same prefix as an earlier rule"]),
    ),
  ];
}

function inChanges({ rules, changes }: RegistryPlan, keys: Keys): readonly Problem[] {
  const known = new Set(rules.map(ruleText));
  const taken = new Set(rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix));
  const [left, made] = [new Set<string>(), new Set<string>()];
  return changes.flatMap((change, position) => {
    const at = [...keys, "changes", position];
    const { before, after } = change;
    const found = [...inWords(change, at)];
    if (before !== null) {
      if (!known.has(ruleText(before))) {
        found.push(...problems([...at, "before"], ["is not one of the registry's rules"]));
      }
      if (left.has(before.ecrRepositoryPrefix)) {
        found.push(...problems([...at, "before"], ["is a rule that an earlier change already changes"]));
      }
      left.add(before.ecrRepositoryPrefix);
    }
    if (after !== null) {
      const prefix = after.ecrRepositoryPrefix;
      if (taken.has(prefix) && before?.ecrRepositoryPrefix !== prefix) {
        found.push(...problems([...at, "after"], ["has the prefix of another rule in the registry"]));
      }
      if (made.has(prefix)) {
        found.push(...problems([...at, "after"], ["has the same prefix as the result of an earlier change"]));
      }
      made.add(prefix);
    }
    return found;
  });
}

/** Compares the action and effects of a change with its contents. */
function inWords({ action, before, after, effects }: RuleChange, at: Keys): readonly Problem[] {
  const operation = operationOf(before, after);
  if (operation === null) return problems(at, ["changes nothing: before and after are the same rule"]);
  if (operation.kind !== action) {
    return problems([...at, "action"], [`is "${action}", but before and after describe "${operation.kind}"`]);
  }
  const trueEffects = effectsOf(operation);
  const isTrue =
    trueEffects.length === effects.length && trueEffects.every((effect, line) => effect === effects[line]);
  return isTrue ? [] : problems([...at, "effects"], ["do not match the change: plan again"]);
}
