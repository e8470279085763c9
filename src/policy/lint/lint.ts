import * as z from "zod";
import { didYouMean } from "../../core/closest.ts";
import { duplicateKeys } from "../../core/duplicate-keys.ts";
import { parseJson } from "../../core/json-file.ts";
import { jsonPositions, type Position } from "../../core/json-positions.ts";
import { ConfigurationError, jsonPath, type Problem } from "../../core/problem.ts";
import { keysOf } from "../../core/records.ts";
import { matchesName } from "../../core/wildcards.ts";
import type { LintedProblem, LintLevel } from "../../schemas/policy-lint.ts";
import { namableChecks } from "../check-names.ts";
import { inFileOrder, type Keys, keysAt, parentOf, partAt, partsAt } from "../file-parts.ts";
import { examine, type LoadedPolicy, loadPolicy, refuseLargePolicy } from "../load.ts";
import { allowanceSchema } from "../sections/prefixes.ts";
import { requiredLists } from "./entries.ts";
import { idleOverrides } from "./idle-overrides.ts";
import type { LintContext, LintProblem, LintRule } from "./lint-rule.ts";
import {
  impossibleAccounts,
  impossibleHosts,
  impossiblePrincipals,
  impossibleSecrets,
  nearMisses,
  unknownOwners,
  unknownRegions,
} from "./names.ts";
import { neverReminds } from "./notifications.ts";
import { conflictingRequirements, contradictedRequirements } from "./required-rules.ts";
import { outsideScope } from "./scope.ts";
import { redundantUpstreams, unknownUpstreams } from "./upstreams.ts";
import { expiredWaivers } from "./waivers.ts";

/** Waivers and routes for checks that do not exist. */
function unknownChecks(file: unknown, { checks }: LintContext): readonly Problem[] {
  const routes = ["notifications", "routes"];
  const named = [
    ...keysAt(file, ["waivers"]).flatMap((key) => partAt(file, ["waivers", key, "check"], z.string().min(1))),
    ...keysAt(file, routes).flatMap((key) =>
      partsAt(file, [...routes, key, "where", "checks"], z.string().min(1)),
    ),
  ];
  return named
    .filter(({ value }) => !checks.some((id) => matchesName(value, id)))
    .map(({ keys, value }) => ({
      path: jsonPath(keys),
      message: `does not match any check; the checks are ${checks.join(", ")}${didYouMean(value, checks)}`,
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

/** The lint rules by name. What a `warning` finds can be meant. */
const rules = {
  "expired-waiver": { level: "warning", find: expiredWaivers },
  "unknown-check": { level: "error", find: unknownChecks },
  "unknown-region": { level: "error", find: unknownRegions },
  "unknown-upstream": { level: "error", find: unknownUpstreams },
  "unknown-owner": { level: "error", find: unknownOwners },
  "impossible-account": { level: "error", find: impossibleAccounts },
  "impossible-host": { level: "error", find: impossibleHosts },
  "impossible-principal": { level: "error", find: impossiblePrincipals },
  "impossible-secret": { level: "error", find: impossibleSecrets },
  "near-miss": { level: "warning", find: nearMisses },
  "outside-scope": { level: "error", find: outsideScope },
  "idle-override": { level: "error", find: idleOverrides },
  "redundant-upstream": { level: "error", find: redundantUpstreams },
  "contradicted-requirement": { level: "error", find: contradictedRequirements },
  "conflicting-requirements": { level: "error", find: conflictingRequirements },
  "forbidden-undeclared": { level: "error", find: forbiddenUndeclared },
  "never-reminds": { level: "warning", find: neverReminds },
} as const satisfies Record<string, { readonly level: LintLevel; readonly find: LintRule }>;

/** The names of the lint rules. */
export const lintRules = keysOf(rules);

/** A policy, or `null` if no audit can use it, and what is wrong with it. */
export type LintResult = {
  readonly loaded: LoadedPolicy | null;
  /** In the order of the file, with their places in its text. */
  readonly problems: readonly LintedProblem[];
};

/**
 * Validates the text of a policy as {@link loadPolicy} does, and also finds what an audit accepts: settings without effect
 * and contradictions. Does not throw.
 *
 * @param now the time that decides which waivers have expired
 */
export function lintPolicy(text: string, source: string, checkIds: readonly string[], now: Date): LintResult {
  try {
    refuseLargePolicy(text, source);
    const file = parseJson(text, source);
    const repeated = duplicateKeys(text).map((problem) => invalid("duplicate-key", problem));
    const problems = inFileOrder([...repeated, ...lintProblems(file, checkIds, now)], file);
    const isValid = problems.every(({ rule }) => Object.hasOwn(rules, rule));
    const loaded = isValid ? loadPolicy(text, source, checkIds) : null;
    const positions: ReadonlyMap<string, Position> = problems.length === 0 ? new Map() : jsonPositions(text);
    return {
      loaded,
      problems: problems.map((problem) => ({
        ...problem,
        ...(positions.get(problem.path) ?? positions.get(parentOf(problem.path)) ?? nowhere),
      })),
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return refusal("invalid-json", error);
  }
}

const nowhere = { line: null, column: null } as const;

/** The result for what cannot be linted. */
export function refusal(rule: string, { problems }: ConfigurationError): LintResult {
  return {
    loaded: null,
    problems: problems.map((problem) => ({ ...invalid(rule, problem), ...nowhere })),
  };
}

/** A problem with which no audit can use the policy. */
function invalid(rule: string, problem: Problem): LintProblem {
  return { ...problem, rule, level: "error" };
}

/** All problems of a file, which may be any JSON value. Problems in one part do not hide those in another. */
export function lintProblems(file: unknown, checkIds: readonly string[], now: Date): readonly LintProblem[] {
  const checks = namableChecks(file, checkIds);
  const found = lintRules.flatMap((rule) => {
    const { level, find } = rules[rule];
    return find(file, { checks, now }).map((problem) => ({ ...problem, rule, level }));
  });
  const schema = examine(file, checkIds).problems.map((problem) => invalid("invalid-value", problem));
  return inFileOrder([...schema, ...found], file);
}
