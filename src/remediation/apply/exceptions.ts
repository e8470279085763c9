import type { Written } from "../../schemas/remediation-plan.ts";

/** The calls that change rules. */
export type ChangingCall = "create" | "update" | "delete";

const invalid =
  "AWS rejected a parameter: correct the policy or the offered ARN that it came from, and plan again";
const server = "AWS had an internal error: run apply again, it continues where this run ended";
const gone = "the rule no longer exists: it was deleted after the plan was made; plan again";
const noSecret =
  "the secret was not found: create it in the rule's own account and region, and run apply again; a new secret is found after a few seconds";
const noAccess =
  "ECR may not read the secret: it must not be scheduled for deletion, must contain username and accessToken, and its resource policy must not deny access to ECR";
const noKey = "ECR cannot decrypt the secret: it must be encrypted with the default key aws/secretsmanager";

/**
 * The cause of each documented exception of the calls, and what to do about it. Source: Amazon ECR API reference, Create-, Update-
 * and DeletePullThroughCacheRule, and the types of `@aws-sdk/client-ecr` 3.1169.0, November 2026.
 */
export const exceptionMeanings = {
  create: {
    InvalidParameterException: invalid,
    ValidationException: invalid,
    ServerException: server,
    LimitExceededException:
      "the registry already has 50 rules, and the quota cannot be raised: delete rules that are not needed, then run apply again",
    PullThroughCacheRuleAlreadyExistsException:
      "a different rule with this prefix now exists: it was created after the plan was made; plan again",
    UnsupportedUpstreamRegistryException:
      "ECR does not cache this upstream: correct its URL in the policy, and plan again",
    SecretNotFoundException: noSecret,
    UnableToAccessSecretException: noAccess,
    UnableToDecryptSecretValueException: noKey,
  },
  update: {
    InvalidParameterException: invalid,
    ValidationException: invalid,
    ServerException: server,
    PullThroughCacheRuleNotFoundException: gone,
    SecretNotFoundException: noSecret,
    UnableToAccessSecretException: noAccess,
    UnableToDecryptSecretValueException: noKey,
  },
  delete: {
    InvalidParameterException: invalid,
    ValidationException: invalid,
    ServerException: server,
    PullThroughCacheRuleNotFoundException: gone,
  },
} as const satisfies Record<ChangingCall, Readonly<Record<string, string>>>;

const operations = {
  create: "CreatePullThroughCacheRule",
  update: "UpdatePullThroughCacheRule",
  delete: "DeletePullThroughCacheRule",
} as const satisfies Record<ChangingCall, string>;

/** Explains a refused call and quotes the message of AWS. */
export function refusalOf(
  call: ChangingCall,
  { exception, message }: Extract<Written, { outcome: "refused" }>,
): string {
  const meanings: Readonly<Record<string, string>> = exceptionMeanings[call];
  const meaning = Object.hasOwn(meanings, exception) ? meanings[exception] : undefined;
  const own = meaning ?? otherMeaning(call, exception);
  return `${operations[call]}: ${own}. AWS said: ${message}`;
}

/** Explains throttling and denied access, which no API model documents: see src/aws/errors.ts. */
function otherMeaning(call: ChangingCall, exception: string): string {
  if (/AccessDenied|Unauthorized/.test(exception))
    return `your credentials do not allow ecr:${operations[call]}`;
  if (/Throttl|TooManyRequests|SlowDown/.test(exception)) return "AWS throttled the call: run apply again";
  return "the call failed: run apply again, it first reads the current state";
}

/**
 * Whether a call that failed with this exception may have succeeded: its answer was lost, or AWS refused a retry because
 * the first attempt had succeeded.
 */
export function mayHaveWorked(exception: string): boolean {
  return /AlreadyExists|RuleNotFound|Server|Internal|Unavailable|Timeout|^E[A-Z]+$/i.test(exception);
}
