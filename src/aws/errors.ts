import { codeOf, messageOf } from "../core/errors.ts";
import { finalReasons, type Unreadable, type UnreadableReason, unreadable } from "../facts/evidence.ts";

/** The auditor's role in an account could not be assumed. */
export class RoleNotAssumableError extends Error {
  override readonly name = "RoleNotAssumableError";
  /** See {@link messageOf}. */
  readonly isPlain = true;

  constructor(roleArn: string, cause: unknown) {
    super(`${roleArn} could not be assumed: ${messageOf(cause)}`, { cause });
  }
}

/** AWS refused the credentials of a call, and refused them again after they were renewed. */
export class EndedCredentialsError extends Error {
  override readonly name = "EndedCredentialsError";
  /** See {@link messageOf}. */
  readonly isPlain = true;

  /**
   * @param operation the call that was refused: `service:Operation`
   * @param roleArn the role of the member's session; null for the auditor's own credentials
   */
  constructor(operation: string, roleArn: string | null, cause: unknown) {
    const isExpired = refusedCredentials(cause) === "expired";
    const what = roleArn === null ? hubSentence(isExpired) : memberSentence(roleArn, isExpired);
    super(`${what} (${operation}: ${messageOf(cause)})`, { cause });
  }
}

function hubSentence(isExpired: boolean): string {
  return isExpired
    ? "the auditor's own credentials have expired, and no newer ones were found; renew them and audit again"
    : "AWS does not accept the auditor's own credentials, even after reading them again; renew them, or enable the region if it is disabled in the account";
}

function memberSentence(roleArn: string, isExpired: boolean): string {
  return isExpired
    ? `the session of ${roleArn} was revoked, and so was the session that replaced it; allow new sessions of the role and audit again`
    : `AWS does not accept the session of ${roleArn}, nor the session that replaced it; enable the region if it is disabled in the account`;
}

/** The audit's time ran out before a call was sent or answered. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";

  constructor() {
    super("the audit's time ran out before AWS answered");
  }
}

/**
 * The names of errors that no service model lists. Throttling and denied access are recognized by name and HTTP
 * status (AWS API reference, "Common errors"; the SDK's `@smithy/service-error-classification`, November 2026).
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
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "CredentialsProviderError",
  ],
  regionDisabled: ["InvalidClientTokenId", "UnrecognizedClientException", "RegionDisabledException"],
  // Of accounts that are new (ECR API reference, "Common Errors", November 2026).
  accountNotReady: ["OptInRequired", "SubscriptionRequiredException"],
  timeout: ["TimeoutError", "RequestTimeout", "RequestTimeoutException", "ETIMEDOUT"],
  // Only the auditor itself aborts a call, when its time runs out.
  deadline: ["OutOfTimeError", "AbortError"],
} as const satisfies Record<string, readonly string[]>;

/**
 * The kind of policy that denies a call, in AWS's sentence: it denies explicitly, or none of its kind allows the call.
 * The ARN of the policy may follow (IAM user guide, "Troubleshoot access denied error messages", November 2026).
 */
const policyDenial =
  /(?:explicit deny in an?|because no) (?<kind>service control policy|resource control policy|VPC endpoint policy|permissions boundary|session policy|identity-based policy)\b/i;

const reasonByPolicy: Readonly<Record<string, UnreadableReason>> = {
  "service control policy": "denied-by-scp",
  "resource control policy": "denied-by-rcp",
  "vpc endpoint policy": "denied-by-vpc-endpoint-policy",
  "permissions boundary": "denied-by-permissions-boundary",
  "session policy": "denied-by-session-policy",
  "identity-based policy": "access-denied",
};

/** The reason for a denial whose sentence names the kind of policy; null for other errors. */
function reasonOfDenial(message: string): UnreadableReason | null {
  const kind = policyDenial.exec(message)?.groups?.["kind"];
  return kind === undefined ? null : (reasonByPolicy[kind.toLowerCase()] ?? null);
}

/** The reason why something could not be read, from an error of the SDK or of the network. */
export function reasonOf(error: unknown): UnreadableReason {
  if (error instanceof RoleNotAssumableError) return reasonOfAssumeRole(error.cause);
  if (error instanceof EndedCredentialsError) return reasonOf(error.cause);
  const { name, status } = describe(error);
  if (isOneOf(namesOf.throttled, name) || status === 429) return "throttled";
  // No permission and no role is missing. The advice for errors that may pass fits: run the audit again.
  if (isOneOf(refusals.expired, name)) return "service-error";
  const isDenied = isOneOf(namesOf.denied, name) || status === 401 || status === 403;
  const denial = isDenied ? reasonOfDenial(messageOf(error)) : null;
  if (denial !== null) return denial;
  if (isOneOf(namesOf.accountNotReady, name)) return "account-not-ready";
  if (isOneOf(namesOf.regionDisabled, name)) return "region-disabled";
  if (isDenied) return "access-denied";
  if (isOneOf(namesOf.timeout, name) || status === 408) return "timeout";
  if (isOneOf(namesOf.deadline, name)) return "deadline";
  return "service-error";
}

/**
 * A refusal by STS is about the role, unless AWS's sentence or the error's name has another cause: the hub's credentials,
 * a policy other than the role's trust policy, the region or the account, or an error that may pass.
 */
function reasonOfAssumeRole(cause: unknown): UnreadableReason {
  if (cause instanceof EndedCredentialsError) return "service-error";
  const { name, status } = describe(cause);
  if (name === "RegionDisabledException") return "sts-not-activated";
  const reason = reasonOf(cause);
  switch (reason) {
    case "access-denied":
      return reasonOfDenial(messageOf(cause)) ?? "role-not-assumable";
    case "region-disabled":
      return "role-not-assumable";
    case "service-error":
      return status === null || status >= 500 || isOneOf(refusals.expired, name)
        ? reason
        : "role-not-assumable";
    default:
      return reason;
  }
}

/**
 * The evidence of a call that failed with `error`. If the role could not be assumed, it names sts:AssumeRole as the
 * operation.
 */
export function unreadableBecause(error: unknown, operation: string): Unreadable {
  const failed = error instanceof RoleNotAssumableError ? "sts:AssumeRole" : operation;
  return unreadable(reasonOf(error), failed, messageOf(error));
}

/** Whether a refusal holds for the rest of the audit, so that asking again is pointless. */
export function isFinal(error: unknown): boolean {
  return isOneOf(finalReasons, reasonOf(error));
}

/**
 * How AWS refuses credentials: `expired`; `unknown`, which is also how it refuses valid credentials in a region that
 * the account has disabled; or `denied` by an identity-based policy, which is how `AWSRevokeOlderSessions` ends
 * sessions, among other denials (IAM user guide, "Revoking IAM role temporary security credentials", November 2026).
 */
export type RefusedCredentials = "expired" | "unknown" | "denied";

const refusals = {
  expired: ["ExpiredToken", "ExpiredTokenException"],
  unknown: ["InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"],
} as const;

const identityPolicyDenial = /explicit deny in an identity-based policy/i;

/** Whether and how AWS refused the credentials that a call was signed with; null for every other error. */
export function refusedCredentials(error: unknown): RefusedCredentials | null {
  const { name } = describe(error);
  if (isOneOf(refusals.expired, name)) return "expired";
  if (isOneOf(refusals.unknown, name)) return "unknown";
  return isOneOf(namesOf.denied, name) && identityPolicyDenial.test(messageOf(error)) ? "denied" : null;
}

/** The name that a service, or Node.js for the network, gives an error. For refused credentials it is AWS's name. */
export function errorName(error: unknown): string {
  return describe(error instanceof EndedCredentialsError ? error.cause : error).name;
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
