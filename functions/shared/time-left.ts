import type { Context } from "aws-lambda";

/** The longest that Lambda lets a function run (AWS Lambda developer guide, "Lambda quotas", November 2026). */
const longestMs = 900_000;

/**
 * How much time an invocation has left, in milliseconds, whenever it is asked. Where something else than Lambda invokes
 * the handler and does not tell, it has all the time there is.
 */
export function timeLeftOf(context: Partial<Pick<Context, "getRemainingTimeInMillis">>): () => number {
  return () => context.getRemainingTimeInMillis?.() ?? longestMs;
}
