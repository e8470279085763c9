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
import { redundantUpstreams, unknownUpstreams } from "./upstreams.ts";
import { ineffectiveWaivers } from "./waivers.ts";

/** Routes for checks that do not exist. */
function unknownChecksInRoutes(file: unknown, { checks }: LintContext): readonly Problem[] {
  const routes = ["notifications", "routes"];
  return keysAt(file, routes)
    .flatMap((route) => partsAt(file, [...routes, route, "where", "checks"], z.string().min(1)))
    .filter(({ value }) => !checks.some((id) => matchesName(value, id)))
    .map(({ keys }) => ({
      path: jsonPath(keys),
      message: `does not match any check; the checks are ${checks.join(", ")}`,
    }));
}

/** Undeclared rules are forbidden, but no rule is declared, so every rule would fail. */
function forbiddenUndeclared(file: unknown): readonly Problem[] {
  if (requiredLists(file).some((list) => keysAt(file, list).length > 0)) return [];
  const settings: readonly Keys[] = [
    ["undeclaredRules"],
    ...keysAt(file, ["overrides"]).map((index) => ["overrides", index, "set", "undeclaredRules"]),
  ];
  return settings
    .flatMap((keys) => partAt(file, keys, allowanceSchema))
    .filter(({ value }) => value === "forbid")
    .map(({ keys }) => ({
      path: jsonPath(keys),
      message: "forbids every rule, because no requiredRules declare any",
    }));
}

const rules: readonly LintRule[] = [
  ineffectiveWaivers,
  unknownChecksInRoutes,
  deadOverrides,
  unknownUpstreams,
  redundantUpstreams,
  contradictedRequirements,
  conflictingRequirements,
  forbiddenUndeclared,
];

/**
 * Loads a policy as {@link loadPolicy} does, and also rejects what an audit accepts: settings without effect and
 * contradictions.
 *
 * @param now the time that decides which waivers have expired
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

/** All problems of a file, which may be any JSON value. Problems in one part do not hide those in another. */
export function lintProblems(file: unknown, checkIds: readonly string[], now: Date): readonly Problem[] {
  const checks = namableChecks(file, checkIds);
  const problems = rules.flatMap((rule) => rule(file, { checks, now }));
  return inFileOrder([...examine(file, checkIds).problems, ...problems], file);
}
