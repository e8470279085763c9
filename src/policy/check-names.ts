import * as z from "zod";
import { didYouMean } from "../core/closest.ts";
import { jsonPath, type Problem } from "../core/problem.ts";
import { compilationProblem } from "./expression/compile.ts";
import { type Keys, keysAt, partsAt } from "./file-parts.ts";
import { customCheckSchema } from "./sections/custom-checks.ts";

const { id, appliesTo, assert } = customCheckSchema.shape;
const named = z.object({ id });
const asserting = z.object({ appliesTo, assert });

/** The ids that a policy file can use: those of the catalogue and those of the file's custom checks. */
export function namableChecks(file: unknown, catalogue: readonly string[]): readonly string[] {
  const own = partsAt(file, ["customChecks"], named).map(({ value }) => value.id);
  return [...new Set([...catalogue, ...own])];
}

/** The problems of the file's custom checks beyond the schema: ids that are taken and invalid expressions. */
export function customCheckProblems(file: unknown, catalogue: readonly string[]): readonly Problem[] {
  return [...takenIds(file, catalogue), ...invalidExpressions(file)];
}

function takenIds(file: unknown, catalogue: readonly string[]): readonly Problem[] {
  const entries = partsAt(file, ["customChecks"], named);
  return entries.flatMap(({ keys, value }, index) => {
    const path = jsonPath([...keys, "id"]);
    if (catalogue.includes(value.id)) {
      return [{ path, message: `is already the id of a built-in check: ${value.id}` }];
    }
    const owner = entries.slice(0, index).find((earlier) => earlier.value.id === value.id);
    if (owner === undefined) return [];
    return [{ path, message: `is already the id of another check, ${jsonPath(owner.keys)}: ${value.id}` }];
  });
}

function invalidExpressions(file: unknown): readonly Problem[] {
  return partsAt(file, ["customChecks"], asserting).flatMap(({ keys, value }) => {
    const message = compilationProblem(value.assert, value.appliesTo);
    return message === null ? [] : [{ path: jsonPath([...keys, "assert"]), message }];
  });
}

/** Settings for checks that do not exist, in the policy or in an override. */
export function unknownCheckProblems(file: unknown, catalogue: readonly string[]): readonly Problem[] {
  const known = namableChecks(file, catalogue);
  const settings: readonly Keys[] = [
    ["checks"],
    ...keysAt(file, ["overrides"]).map((index) => ["overrides", index, "set", "checks"]),
  ];
  return settings.flatMap((keys) =>
    keysAt(file, keys)
      .filter((key) => typeof key === "string" && !known.includes(key))
      .map((key) => ({
        path: jsonPath([...keys, key]),
        message: `is not the id of a check; the checks are ${known.join(", ")}${didYouMean(String(key), known)}`,
      })),
  );
}
