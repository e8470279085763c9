import { type Advice, advice, type Command } from "../../core/advice.ts";
import { arnIn, aws, giveNewSecret } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

type OfSecret = { credentialArn: string };
type OfTag = OfSecret & { expiryTag: string; value: string };

export type SecretHealthKinds = {
  "secret-missing": OfSecret;
  "secret-being-deleted": OfSecret & { deletedAt: string };
  "secret-under-customer-key": OfSecret & { kmsKeyId: string };
  "secret-key-unknown": OfSecret & { kmsKeyId: string };
  "secret-too-old": OfSecret & { lastChangedAt: string; maxAgeDays: number };
  "secret-age-unknown": OfSecret;
  "rotation-off": OfSecret;
  "rotation-overdue": OfSecret & { nextAt: string };
  "rotation-unknown": OfSecret;
  "secret-expired": OfTag;
  "secret-expires-soon": OfTag;
  "expiry-not-a-day": OfTag;
  "no-credential": Record<string, never>;
  "credential-not-here": OfSecret;
};

const consequence = "Cached tags still work; new tags cannot be pulled.";

const theSecret = [{ kind: "secret", by: "credentialArn", within: "fleet" }] as const;

export const secretHealthText: CheckText<SecretHealthKinds> = {
  title: "Secret health",
  failsWhen:
    "the secret is missing, scheduled for deletion, encrypted with a customer KMS key, too old, not rotated as required, or past or near the date in its expiry tag",
  kinds: {
    "secret-missing": {
      causes: theSecret,
      title: "Secret is missing",
      message: ({ credentialArn }) =>
        `The rule authenticates with ${credentialArn}, but this secret does not exist. ${consequence}`,
      remediation: (_data, ref) => giveNewSecret(ref),
    },
    "secret-being-deleted": {
      causes: theSecret,
      title: "Secret is scheduled for deletion",
      message: ({ credentialArn, deletedAt }) =>
        `The secret ${credentialArn} is scheduled for deletion (${dayIn(deletedAt)}) and can no longer be read. ${consequence}`,
      remediation: (secret, ref) =>
        advice`Find out who deleted it and why. To restore it, run in account ${ref.account}: ${onSecret("restore-secret", secret, ref)}`,
    },
    "secret-under-customer-key": {
      causes: theSecret,
      title: "Secret is encrypted with a customer KMS key",
      message: ({ credentialArn, kmsKeyId }) =>
        `The secret ${credentialArn} is encrypted with ${kmsKeyId}; ECR supports only secrets encrypted with the default key, aws/secretsmanager.`,
      remediation: (secret, ref) =>
        advice`In account ${ref.account}, switch the secret to the default key, which does not change its value: ${onSecret("update-secret", secret, ref, { "kms-key-id": "alias/aws/secretsmanager" })}`,
    },
    "secret-key-unknown": {
      title: "Secret may be encrypted with a customer KMS key",
      message: ({ credentialArn, kmsKeyId }) =>
        `The secret ${credentialArn} is encrypted with ${kmsKeyId}, which may be the default key, aws/secretsmanager, or a customer key. No validation of the rule says which.`,
      remediation: (_secret, ref) =>
        `Look the key up in account ${ref.account}. If it is a customer key, switch the secret to the default key.`,
    },
    "secret-too-old": {
      causes: theSecret,
      title: "Secret is too old",
      message: ({ credentialArn, lastChangedAt, maxAgeDays }) =>
        `The value of the secret ${credentialArn} has not been renewed since ${dayIn(lastChangedAt)}; the policy requires a new one every ${maxAgeDays} days.`,
      remediation: renewToken,
    },
    "secret-age-unknown": {
      causes: theSecret,
      title: "Age of the secret is unknown",
      message: ({ credentialArn }) =>
        `AWS does not report when the current value of the secret ${credentialArn} was set.`,
      remediation: (secret, ref) =>
        advice`Inspect the secret in account ${ref.account}: ${onSecret("list-secret-version-ids", secret, ref)}`,
    },
    "rotation-off": {
      causes: theSecret,
      title: "Secret does not rotate",
      message: ({ credentialArn }) =>
        `The secret ${credentialArn} has no automatic rotation; the policy requires it.`,
      remediation: (secret, ref) =>
        advice`In account ${ref.account}, set up rotation with a function that creates tokens at the upstream registry: ${onSecret(
          "rotate-secret",
          secret,
          ref,
          {
            "rotation-lambda-arn": arnIn("lambda", ref, "function:FUNCTION_NAME"),
            "rotation-rules": "AutomaticallyAfterDays=30",
          },
        )}`,
    },
    "rotation-overdue": {
      causes: theSecret,
      title: "Rotation of the secret is overdue",
      message: ({ credentialArn, nextAt }) =>
        `The secret ${credentialArn} should have rotated by ${dayIn(nextAt)} and did not. The token in it may be about to expire.`,
      remediation: (secret, ref) =>
        advice`Read the logs of its rotation function in account ${ref.account}, correct the cause, and rotate it now: ${onSecret("rotate-secret", secret, ref)}`,
    },
    "rotation-unknown": {
      title: "Rotation of the secret is unknown",
      message: ({ credentialArn }) =>
        `The snapshot was written by an older version, which did not record whether the secret ${credentialArn} rotates.`,
      remediation: () => "Audit the registry again with this version.",
    },
    "secret-expired": {
      causes: theSecret,
      title: "Token has expired",
      message: ({ credentialArn, expiryTag, value }) =>
        `The token in the secret ${credentialArn} expired on ${value}, according to its tag ${expiryTag}. ${consequence}`,
      remediation: renewTokenAndTag,
    },
    "secret-expires-soon": {
      causes: theSecret,
      title: "Token expires soon",
      message: ({ credentialArn, expiryTag, value }) =>
        `The token in the secret ${credentialArn} expires on ${value}, according to its tag ${expiryTag}. After that, new tags cannot be pulled.`,
      remediation: renewTokenAndTag,
    },
    "expiry-not-a-day": {
      causes: theSecret,
      title: "Expiry tag is not a date",
      message: ({ credentialArn, expiryTag, value }) =>
        `The tag ${expiryTag} of the secret ${credentialArn} has the value "${value}", which is not a date such as 2027-01-31.`,
      remediation: (tag, ref) =>
        advice`In account ${ref.account}, set the tag to the expiry date of the token: ${tagSecret(tag, ref)}`,
    },
    "no-credential": {
      title: "Rule has no credential",
      message: () => "The rule has no credential to check.",
      remediation: () => "No action needed.",
    },
    "credential-not-here": {
      title: "Credential is not a secret in this account and region",
      message: ({ credentialArn }) =>
        `${credentialArn} is not a secret in the rule's account and region; upstream-credentials reports that.`,
      remediation: () => "No action needed.",
    },
  },
};

function renewToken(secret: OfSecret, ref: RuleRef): Advice {
  return advice`Create a new token at the upstream registry, and store it in the secret in account ${ref.account} (keys username and accessToken): ${putToken(secret, ref)}`;
}

function renewTokenAndTag(tag: OfTag, ref: RuleRef): Advice {
  return advice`${renewToken(tag, ref)}; then set its tag to the expiry date of the new token: ${tagSecret(tag, ref)}`;
}

function putToken(secret: OfSecret, ref: RuleRef): Command {
  return onSecret("put-secret-value", secret, ref, { "secret-string": "file://credential.json" });
}

function tagSecret(tag: OfTag, ref: RuleRef): Command {
  return onSecret("tag-resource", tag, ref, { tags: `Key=${tag.expiryTag},Value=YYYY-MM-DD` });
}

function onSecret(
  operation: string,
  { credentialArn }: OfSecret,
  ref: RuleRef,
  options: Readonly<Record<string, string>> = {},
): Command {
  return aws(`secretsmanager ${operation}`, ref, { "secret-id": credentialArn, ...options });
}

/** The date in an ISO 8601 time. */
function dayIn(time: string): string {
  return time.slice(0, 10);
}
