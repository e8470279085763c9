import type { Problem } from "../../core/problem.ts";
import type { LintLevel } from "../../schemas/policy-lint.ts";

/** The input of a lint rule in addition to the file. */
export type LintContext = {
  /** The ids of all checks that the file can use. */
  readonly checks: readonly string[];
  readonly now: Date;
};

/**
 * Finds one kind of mistake in a policy file. A lint rule parses each part of the file that it needs separately, and
 * ignores parts that do not match the schema, because schema validation reports them.
 */
export type LintRule = (file: unknown, context: LintContext) => readonly Problem[];

/** A problem, the lint rule that found it, and whether a policy with it can be meant. */
export type LintProblem = Problem & { readonly rule: string; readonly level: LintLevel };
