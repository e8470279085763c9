import { checkIds } from "../checks/index.ts";
import { ConfigurationError } from "../core/problem.ts";
import { systemClock } from "../local/clock.ts";
import { type LintResult, lintPolicy, refusal } from "../policy/lint/lint.ts";
import { readPolicy } from "./policy.ts";

/** Reads a policy from a path or from `s3://bucket/key`, and lints it. What cannot be read is a problem. */
export async function lintFile(location: string): Promise<LintResult> {
  try {
    return lintPolicy(await readPolicy(location), location, checkIds, systemClock.now());
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return refusal("unreadable", error);
  }
}
