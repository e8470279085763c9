import { namableChecks } from "./check-names.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import { inFileOrder } from "./file-order.ts";
import { parseJson } from "./json-file.ts";
import type { LintRule } from "./lint/lint-rule.ts";
import { deadOverrides } from "./lint/overrides.ts";
import { conflictingRequirements } from "./lint/required-pairs.ts";
import { contradictedRequirements } from "./lint/requirements.ts";
import { unknownChecksInRoutes } from "./lint/routes.ts";
import { forbiddenUndeclared } from "./lint/undeclared.ts";
import { needlessUpstreams, unknownUpstreams } from "./lint/upstreams.ts";
import { idleWaivers } from "./lint/waivers.ts";
import { examine, type LoadedPolicy, loadPolicy, refuseLargePolicy } from "./load.ts";
import { ConfigurationError, type Problem } from "./problem.ts";

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
