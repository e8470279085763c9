import { HttpRequest } from "@smithy/core/protocols";
import type { CallStrategy } from "../../../src/aws/pace/traffic.ts";

const failures = {
  throttled: { name: "ThrottlingException", status: 400 },
  unavailable: { name: "ServiceUnavailable", status: 503 },
  broken: { name: "InternalFailure", status: 505 },
  refused: { name: "AccessDeniedException", status: 400 },
} as const;

/** How one attempt of a call fails. */
export type FailureKind = keyof typeof failures;

/** The SDK's error for an attempt that failed. */
export function failed(kind: FailureKind): Error {
  const { name, status } = failures[kind];
  return Object.assign(new Error(`HTTP ${status}`), { name, $metadata: { httpStatusCode: status } });
}

/** Makes one attempt. `count` begins with 1. */
type Attempt = (count: number) => Promise<void>;

/**
 * Makes one call with a strategy, as the SDK does.
 *
 * @returns the headers of the last attempt
 */
export async function callWith(strategy: CallStrategy, attempt: Attempt): Promise<HttpRequest["headers"]> {
  const request = new HttpRequest({});
  let count = 0;
  const next = async () => {
    count += 1;
    await attempt(count);
    return { response: {}, output: { $metadata: {} } };
  };
  await strategy.retry(next, { input: {}, request });
  return request.headers;
}

/** An attempt that AWS answers. */
export async function answered(): Promise<void> {
  return undefined;
}

/** Attempts that fail `times` times before AWS answers. */
export function failing(kind: FailureKind, times = Number.POSITIVE_INFINITY): Attempt {
  return async (count) => {
    if (count <= times) throw failed(kind);
  };
}
