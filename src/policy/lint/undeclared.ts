import { type Keys, keysAt, partAt } from "../file-parts.ts";
import { jsonPath, type Problem } from "../problem.ts";
import { allowanceSchema } from "../sections/prefixes.ts";
import { requiredLists } from "./standing.ts";

/** Undeclared rules are forbidden, and none is declared: every rule would fail. */
export function forbiddenUndeclared(file: unknown): readonly Problem[] {
  if (requiredLists(file).some((list) => keysAt(file, list).length > 0)) return [];
  const places: readonly Keys[] = [
    ["undeclaredRules"],
    ...keysAt(file, ["overrides"]).map((index) => ["overrides", index, "set", "undeclaredRules"]),
  ];
  return places
    .flatMap((keys) => partAt(file, keys, allowanceSchema))
    .filter(({ value }) => value === "forbid")
    .map(({ keys }) => ({
      path: jsonPath(keys),
      message: "forbids every rule, for there are no requiredRules that declare any",
    }));
}
