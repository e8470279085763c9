import { Option } from "@commander-js/extra-typings";
import { checksOf } from "../checks/index.ts";
import { didYouMean } from "../core/closest.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import { onlyChecks } from "../policy/only-checks.ts";
import { UsageError } from "./terminal.ts";

/** The checks that the options name; both lists are empty without the options. */
export type CheckChoice = { readonly check: readonly string[]; readonly skipCheck: readonly string[] };

/** Narrows what is evaluated to some checks. */
export function checkOption() {
  return listOption("--check <ids>", "evaluate only these checks, separated by commas; repeatable");
}

/** Leaves checks out. */
export function skipCheckOption() {
  return listOption("--skip-check <ids>", "do not evaluate these checks; repeatable");
}

function listOption<Flags extends string>(flags: Flags, description: string) {
  return new Option(flags, description)
    .argParser((text: string, previous: readonly string[]) => [
      ...previous,
      ...text.split(",").map((id) => id.trim()),
    ])
    .default<readonly string[]>([]);
}

/** Whether the options leave checks out. */
export function isChosen({ check, skipCheck }: CheckChoice): boolean {
  return check.length + skipCheck.length > 0;
}

/** The policy with the chosen checks alone. @throws UsageError if a check does not exist, or none is left */
export function withChosenChecks(loaded: LoadedPolicy, choice: CheckChoice): LoadedPolicy {
  if (!isChosen(choice)) return loaded;
  const all = checksOf(loaded.policy).map(({ id }) => id);
  const { check, skipCheck } = choice;
  const unknown = [
    ...check
      .filter((id) => !all.includes(id))
      .map((id) => `--check ${id}: no such check${didYouMean(id, all)}`),
    ...skipCheck
      .filter((id) => !all.includes(id))
      .map((id) => `--skip-check ${id}: no such check${didYouMean(id, all)}`),
  ];
  if (unknown.length > 0) throw new UsageError(`${unknown.join("\n")}\nThe checks are ${all.join(", ")}`);
  const chosen = all.filter((id) => (check.length === 0 || check.includes(id)) && !skipCheck.includes(id));
  if (chosen.length === 0) throw new UsageError("--check and --skip-check leave no check to evaluate");
  return { ...loaded, policy: onlyChecks(loaded.policy, chosen, all), chosenChecks: chosen };
}
