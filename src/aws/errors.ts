import { codeOf, messageOf } from "../core/errors.ts";
import { type Unreadable, type UnreadableReason, unreadable } from "../facts/evidence.ts";

/** The auditor's role in an account could not be assumed. */
export class RoleNotAssumableError extends Error {
  override readonly name = "RoleNotAssumableError";
  /** See {@link messageOf}. */
  readonly isPlain = true;

  constructor(roleArn: string, cause: unknown) {
    const what = hasEnded(cause)
      ? `the auditor's own credentials ended before ${roleArn} was assumed; renew them and audit again`
      : `${roleArn} could not be assumed`;
    super(`${what}: ${messageOf(cause)}`, { cause });
  }
}

/** The audit's time was over before a call was sent, or before it was answered. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";

  constructor() {
    super("the audit's time was over before AWS answered");
  }
}

/**
 * The names under which AWS services and the SDK report what no service model lists: throttling and denied
 * access are recognized by name and HTTP status (AWS API reference, "Common errors"; the SDK's
 * `@smithy/service-error-classification`, November 2026).
 */
const namesOf = {
  throttled: [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
  ],
  denied: [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "NotAuthorized",
    "UnauthorizedOperation",
    "UnauthorizedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "CredentialsProviderError",
  ],
  regionDisabled: [
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "OptInRequired",
    "RegionDisabledException",
  ],
  timeout: ["TimeoutError", "RequestTimeout", "RequestTimeoutException", "ETIMEDOUT"],
  // Nobody aborts a call but the auditor itself, when its time is over.
  deadline: ["OutOfTimeError", "AbortError"],
} as const satisfies Record<string, readonly string[]>;

/** An SCP that denies, and SCPs of which none allows (IAM user guide, "Access denied error messages", November 2026). */
const scpDenial = /(explicit deny in a|because no) service control policy/i;

/** What an error of the SDK, or of the network under it, says about why something could not be read. */
export function reasonOf(error: unknown): UnreadableReason {
  if (error instanceof RoleNotAssumableError) return reasonOfAssumeRole(error.cause);
  const { name, status } = describe(error);
  const message = messageOf(error);
  if (isOneOf(namesOf.throttled, name) || status === 429) return "throttled";
  if (scpDenial.test(message)) return "denied-by-scp";
  if (isOneOf(namesOf.regionDisabled, name)) return "region-disabled";
  if (isOneOf(namesOf.denied, name) || status === 401 || status === 403) return "access-denied";
  if (isOneOf(namesOf.timeout, name) || status === 408) return "timeout";
  if (isOneOf(namesOf.deadline, name)) return "deadline";
  return "service-error";
}

const reasonsOfTheCall: readonly UnreadableReason[] = ["throttled", "timeout", "deadline", "denied-by-scp"];

/** Whatever STS refuses is the role's matter; only what would pass at another time keeps its own reason. */
function reasonOfAssumeRole(cause: unknown): UnreadableReason {
  const reason = reasonOf(cause);
  if (reasonsOfTheCall.includes(reason)) return reason;
  const { status } = describe(cause);
  return reason === "service-error" && (status === null || status >= 500) ? reason : "role-not-assumable";
}

/** The evidence that a call leaves which ended in `error`. A role that can not be assumed names its own call. */
export function unreadableBecause(error: unknown, operation: string): Unreadable {
  const failed = error instanceof RoleNotAssumableError ? "sts:AssumeRole" : operation;
  return unreadable(reasonOf(error), failed, messageOf(error));
}

/** Whether a refusal holds for as long as an audit lasts, so that there is no use in asking again. */
export function isFinal(error: unknown): boolean {
  return isOneOf(["role-not-assumable", "denied-by-scp"], reasonOf(error));
}

/** Whether a call was refused because the credentials it was signed with had ended. */
function hasEnded(error: unknown): boolean {
  return isOneOf(["ExpiredToken", "ExpiredTokenException"], errorName(error));
}

/** The name by which a service or the network calls an error. */
export function errorName(error: unknown): string {
  return describe(error).name;
}

function describe(error: unknown): { readonly name: string; readonly status: number | null } {
  if (typeof error !== "object" || error === null) return { name: "", status: null };
  const name = "name" in error && typeof error.name === "string" ? error.name : "";
  return { name: codeOf(error) === "ETIMEDOUT" ? "ETIMEDOUT" : name, status: statusOf(error) };
}

function statusOf(error: object): number | null {
  if (!("$metadata" in error)) return null;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return null;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
