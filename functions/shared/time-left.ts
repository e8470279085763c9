import type { Context } from "aws-lambda";

/** The maximum run time of a Lambda function (AWS Lambda developer guide, "Lambda quotas", November 2026). */
const longestMs = 900_000;

/**
 * The time that an invocation has left, in milliseconds. If the handler is not invoked by Lambda and the context does
 * not say, this is Lambda's maximum.
 */
export function timeLeftOf(context: Partial<Pick<Context, "getRemainingTimeInMillis">>): () => number {
  return () => context.getRemainingTimeInMillis?.() ?? longestMs;
}
