import * as z from "zod";
import { duplicateKeys } from "../../core/duplicate-keys.ts";
import { parseJson } from "../../core/json-file.ts";
import { ConfigurationError, jsonPath, type Problem } from "../../core/problem.ts";
import { matchesName } from "../../core/wildcards.ts";
import { namableChecks } from "../check-names.ts";
import { inFileOrder, type Keys, keysAt, partAt, partsAt } from "../file-parts.ts";
import { examine, type LoadedPolicy, loadPolicy, refuseLargePolicy } from "../load.ts";
import { allowanceSchema } from "../sections/prefixes.ts";
import { requiredLists } from "./entries.ts";
import type { LintContext, LintRule } from "./lint-rule.ts";
import { deadOverrides } from "./overrides.ts";
import { conflictingRequirements, contradictedRequirements } from "./required-rules.ts";
import { needlessUpstreams, unknownUpstreams } from "./upstreams.ts";
import { idleWaivers } from "./waivers.ts";

/** Routes for checks that there are not. */
function unknownChecksInRoutes(file: unknown, { checks }: LintContext): readonly Problem[] {
  const routes = ["notifications", "routes"];
  return keysAt(file, routes)
    .flatMap((route) => partsAt(file, [...routes, route, "where", "checks"], z.string().min(1)))
    .filter(({ value }) => !checks.some((id) => matchesName(value, id)))
    .map(({ keys }) => ({
      path: jsonPath(keys),
      message: `names no check; the checks are ${checks.join(", ")}`,
    }));
}

/** Undeclared rules are forbidden, and none is declared: every rule would fail. */
function forbiddenUndeclared(file: unknown): readonly Problem[] {
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

const rules: readonly LintRule[] = [
  idleWaivers,
  unknownChecksInRoutes,
  deadOverrides,
  unknownUpstreams,
  needlessUpstreams,
  contradictedRequirements,
  conflictingRequirements,
  forbiddenUndeclared,
];

/**
 * Reads a policy as {@link loadPolicy} does, and refuses it also for what an audit would bear: what it says to no
 * effect, or against itself.
 *
 * @param now by which waivers are over
 * @throws ConfigurationError with every problem at once, in the order of the file
 */
export function lintPolicy(
  text: string,
  source: string,
  checkIds: readonly string[],
  now: Date,
): LoadedPolicy {
  refuseLargePolicy(text, source);
  const file = parseJson(text, source);
  const problems = [...duplicateKeys(text), ...lintProblems(file, checkIds, now)];
  if (problems.length > 0) throw new ConfigurationError(source, inFileOrder(problems, file));
  return loadPolicy(text, source, checkIds);
}

/** All that is wrong with a file, whatever it is; mistakes in one part do not hide those in another. */
export function lintProblems(file: unknown, checkIds: readonly string[], now: Date): readonly Problem[] {
  const checks = namableChecks(file, checkIds);
  const problems = rules.flatMap((rule) => rule(file, { checks, now }));
  return inFileOrder([...examine(file, checkIds).problems, ...problems], file);
}
