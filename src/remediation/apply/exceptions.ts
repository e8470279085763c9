import type { Written } from "../../schemas/remediation-plan.ts";

/** The calls that change rules. */
export type ChangingCall = "create" | "update" | "delete";

const invalid =
  "AWS finds a parameter invalid: correct the policy or the offered ARN that it came from, and plan again";
const server = "AWS failed by itself: run apply again, it continues where this run ended";
const gone = "the rule is not there any more: somebody deleted it since the plan was made; plan again";
const noSecret =
  "the secret is not found: create it in the rule's own account and region, and run apply again; one that was just created is found after some seconds";
const noAccess =
  "ECR may not read the secret: it must not be scheduled for deletion, must hold username and accessToken, and its resource policy must not keep ECR out";
const noKey = "ECR can not decrypt the secret: it must be under the default key aws/secretsmanager";

/**
 * What each documented exception of the calls means, and what to do. Source: Amazon ECR API reference, Create-, Update-
 * and DeletePullThroughCacheRule, and the types of `@aws-sdk/client-ecr` 3.1169.0, November 2026.
 */
export const exceptionWords = {
  create: {
    InvalidParameterException: invalid,
    ValidationException: invalid,
    ServerException: server,
    LimitExceededException:
      "the registry has its 50 rules, and the quota can not be raised: delete rules that nobody needs, then run apply again",
    PullThroughCacheRuleAlreadyExistsException:
      "a rule with this prefix exists by now, and differs: somebody created it since the plan was made; plan again",
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

/** What a refusal means, in words of its own, and what AWS said. */
export function refusalOf(
  call: ChangingCall,
  { exception, message }: Extract<Written, { outcome: "refused" }>,
): string {
  const words: Readonly<Record<string, string>> = exceptionWords[call];
  const meaning = Object.hasOwn(words, exception) ? words[exception] : undefined;
  const own = meaning ?? otherWords(call, exception);
  return `${operations[call]}: ${own}. AWS said: ${message}`;
}

/** Throttling and denied access are modelled nowhere: see src/aws/errors.ts. */
function otherWords(call: ChangingCall, exception: string): string {
  if (/AccessDenied|Unauthorized/.test(exception))
    return `your credentials do not allow ecr:${operations[call]}`;
  if (/Throttl|TooManyRequests|SlowDown/.test(exception)) return "AWS throttled the call: run apply again";
  return "the call failed: run apply again, it looks first at what became of it";
}

/**
 * Whether a call that ended so may have worked: its answer was lost, or it was repeated and refused because the first
 * attempt worked.
 */
export function mayHaveWorked(exception: string): boolean {
  return /AlreadyExists|RuleNotFound|Server|Internal|Unavailable|Timeout|^E[A-Z]+$/i.test(exception);
}
