import type { Problem } from "../../core/problem.ts";

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
