import { inspect } from "node:util";
import { EndedCredentialsError, OutOfTimeError, refusedCredentials } from "../../src/aws/errors.ts";
import { keysOf } from "../../src/core/records.ts";
import type { UnreadableReason } from "../../src/facts/evidence.ts";

/** An error as the SDK throws it for a service's answer. */
export function serviceError(name: string, status: number, message = `answered with HTTP ${status}`): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: status < 500 ? "client" : "server",
    $metadata: { httpStatusCode: status },
  });
}

/** An error as Node's network modules throw it, or as the SDK's transport renames it. */
export function networkError(code: string, name = "Error"): Error {
  return Object.assign(new Error(`the network said ${code}`), { name, code });
}

/** An error that the SDK throws by itself. */
export function sdkError(name: string): Error {
  return Object.assign(new Error("thrown by the SDK"), { name });
}

function denied(name: string, status: number, why: string): Error {
  return serviceError(name, status, `User: arn:aws:iam::1:role/x is not authorized to perform: y ${why}`);
}

/** Denials by a kind of policy, in each form of AWS's sentence. */
function denialsBy(policy: string): readonly Error[] {
  return [
    denied("AccessDeniedException", 400, `with an explicit deny in a ${policy}`),
    denied("AccessDenied", 403, `with an explicit deny in a ${policy}: arn:aws:organizations::1:policy/p-1`),
    denied("AccessDeniedException", 400, `because no ${policy} allows the y action`),
    denied("AccessDeniedException", 403, `because no ${policy} allows the y action: arn:aws:iam::1:policy/p`),
  ];
}

const errorsBy = {
  "access-denied": [
    serviceError("AccessDenied", 403),
    serviceError("UnauthorizedOperation", 403),
    serviceError("NotAuthorized", 400),
    serviceError("SomethingNew", 401),
    serviceError("SomethingNew", 403),
    serviceError("SignatureDoesNotMatch", 403),
    serviceError("InvalidSignatureException", 400),
    sdkError("CredentialsProviderError"),
    denied("AccessDeniedException", 400, "because no identity-based policy allows the y action"),
    denied("AccessDeniedException", 400, "with an explicit deny in a resource-based policy"),
  ],
  "denied-by-scp": [
    denied("AccessDeniedException", 400, "with an explicit deny in a service control policy"),
    denied(
      "AccessDenied",
      403,
      "with an explicit deny in a Service Control Policy: arn:aws:organizations::1:z",
    ),
    denied("AccessDeniedException", 400, "because no service control policy allows the y action"),
  ],
  "denied-by-rcp": denialsBy("resource control policy"),
  "denied-by-vpc-endpoint-policy": denialsBy("VPC endpoint policy"),
  "denied-by-permissions-boundary": denialsBy("permissions boundary"),
  "denied-by-session-policy": denialsBy("session policy"),
  "account-not-ready": [
    serviceError("OptInRequired", 403),
    serviceError("SubscriptionRequiredException", 400),
  ],
  throttled: [
    serviceError("ThrottlingException", 400),
    serviceError("Throttling", 400),
    serviceError("TooManyRequestsException", 429),
    serviceError("RequestLimitExceeded", 503),
    serviceError("SlowDown", 503),
    serviceError("LimitExceededException", 400),
    serviceError("SomethingNew", 429),
  ],
  "region-disabled": [
    serviceError("UnrecognizedClientException", 400),
    serviceError("InvalidClientTokenId", 403),
    serviceError("RegionDisabledException", 403),
  ],
  timeout: [
    sdkError("TimeoutError"),
    networkError("ECONNRESET", "TimeoutError"),
    networkError("ETIMEDOUT"),
    networkError("ETIMEDOUT", "AggregateError"),
    serviceError("RequestTimeout", 400),
    serviceError("SomethingNew", 408),
  ],
  deadline: [sdkError("AbortError"), new OutOfTimeError()],
  "service-error": [
    serviceError("ExpiredToken", 403),
    serviceError("ExpiredTokenException", 400),
    serviceError("ServerException", 500),
    serviceError("InternalFailure", 500),
    serviceError("ServiceUnavailable", 503),
    serviceError("SomethingNew", 400),
    networkError("ECONNRESET"),
    networkError("ENOTFOUND"),
    new SyntaxError("Unexpected token '<' in the answer"),
  ],
} satisfies Partial<Record<UnreadableReason, readonly Error[]>>;

type Trouble = { readonly title: string; readonly error: Error; readonly reason: UnreadableReason };

/** What can keep any call from an answer, and the reason that it leaves. */
export const troubles: readonly Trouble[] = keysOf(errorsBy).flatMap((reason) =>
  errorsBy[reason].map((error) => ({ title: titleOf(error), error, reason })),
);

/** What evidence says of an error of a call that the hub's own credentials signed. */
export function detailOf(error: Error, operation: string): string {
  const isRefusal = ["expired", "unknown"].includes(refusedCredentials(error) ?? "");
  return isRefusal ? new EndedCredentialsError(operation, null, error).message : titleOf(error);
}

/** What a table of tests calls an error. */
export function titleOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
}
