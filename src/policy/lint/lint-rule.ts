import type { Problem } from "../../core/problem.ts";

/** What the rules of the linter know beside the file. */
export type LintContext = {
  /** The ids of all checks that the file can name. */
  readonly checks: readonly string[];
  readonly now: Date;
};

/**
 * Finds one kind of mistake in a policy file. It reads as much of the file as it needs, each part on its own, and
 * leaves alone what is not as the schema wants it: that is told already.
 */
export type LintRule = (file: unknown, context: LintContext) => readonly Problem[];
