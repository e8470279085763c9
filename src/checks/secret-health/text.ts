import { aws, giveNewSecret } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

type OfSecret = { credentialArn: string };
type OfTag = OfSecret & { expiryTag: string; value: string };

export type SecretHealthKinds = {
  "secret-missing": OfSecret;
  "secret-being-deleted": OfSecret & { deletedAt: string };
  "secret-under-customer-key": OfSecret & { kmsKeyId: string };
  "secret-too-old": OfSecret & { lastChangedAt: string; maxAgeDays: number };
  "secret-age-unknown": OfSecret;
  "secret-expired": OfTag;
  "secret-expires-soon": OfTag;
  "expiry-not-a-day": OfTag;
  "no-credential": Record<string, never>;
  "credential-not-here": OfSecret;
};

const silence = "Cached tags go on working; new ones will not be pulled.";

export const secretHealthText: CheckText<SecretHealthKinds> = {
  title: "Secret health",
  failsWhen:
    "the secret is missing, being deleted, under a customer KMS key, too old, or past or near its expiry tag",
  kinds: {
    "secret-missing": {
      title: "Secret is missing",
      message: ({ credentialArn }) =>
        `The rule authenticates with ${credentialArn}, and there is no such secret. ${silence}`,
      remediation: (_data, ref) => giveNewSecret(ref),
    },
    "secret-being-deleted": {
      title: "Secret is being deleted",
      message: ({ credentialArn, deletedAt }) =>
        `The secret ${credentialArn} is scheduled for deletion (${dayIn(deletedAt)}), and nothing can read it any more. ${silence}`,
      remediation: (secret, ref) =>
        `Find out who deleted it and why. To have it back, in account ${ref.account} run: ${onSecret("restore-secret", secret, ref)}`,
    },
    "secret-under-customer-key": {
      title: "Secret is under a customer KMS key",
      message: ({ credentialArn, kmsKeyId }) =>
        `The secret ${credentialArn} is encrypted under ${kmsKeyId}; ECR can only use secrets under the default key, aws/secretsmanager.`,
      remediation: (secret, ref) =>
        `In account ${ref.account} encrypt it under the default key, which leaves its value as it is: ${onSecret("update-secret", secret, ref, { "kms-key-id": "alias/aws/secretsmanager" })}`,
    },
    "secret-too-old": {
      title: "Secret is too old",
      message: ({ credentialArn, lastChangedAt, maxAgeDays }) =>
        `The secret ${credentialArn} was changed last on ${dayIn(lastChangedAt)}; the policy wants it changed every ${maxAgeDays} days.`,
      remediation: renewToken,
    },
    "secret-age-unknown": {
      title: "Nobody knows how old the secret is",
      message: ({ credentialArn }) => `AWS does not say when the secret ${credentialArn} was changed last.`,
      remediation: (secret, ref) =>
        `See what Secrets Manager tells of it, in account ${ref.account}: ${onSecret("describe-secret", secret, ref)}`,
    },
    "secret-expired": {
      title: "Token has expired",
      message: ({ credentialArn, expiryTag, value }) =>
        `The token in the secret ${credentialArn} expired on ${value}, says its tag ${expiryTag}. ${silence}`,
      remediation: renewTokenAndTag,
    },
    "secret-expires-soon": {
      title: "Token expires soon",
      message: ({ credentialArn, expiryTag, value }) =>
        `The token in the secret ${credentialArn} expires on ${value}, says its tag ${expiryTag}. From then on new tags will not be pulled.`,
      remediation: renewTokenAndTag,
    },
    "expiry-not-a-day": {
      title: "Expiry tag is not a day",
      message: ({ credentialArn, expiryTag, value }) =>
        `The tag ${expiryTag} of the secret ${credentialArn} says "${value}", which is not a day such as 2027-01-31.`,
      remediation: (tag, ref) =>
        `In account ${ref.account} tag it with the day on which its token expires: ${tagSecret(tag, ref)}`,
    },
    "no-credential": {
      title: "Rule has no credential",
      message: () => "The rule has no credential whose health could be judged.",
      remediation: () => "Nothing to do.",
    },
    "credential-not-here": {
      title: "Credential is no secret of this account and region",
      message: ({ credentialArn }) =>
        `${credentialArn} is no secret of the rule's account and region: upstream-credentials judges that.`,
      remediation: () => "Nothing to do here.",
    },
  },
};

function renewToken(secret: OfSecret, ref: RuleRef): string {
  return `Create a new token at the upstream registry, and in account ${ref.account} put it into the secret (keys username and accessToken): ${putToken(secret, ref)}`;
}

function renewTokenAndTag(tag: OfTag, ref: RuleRef): string {
  return `${renewToken(tag, ref)}; then tag it with the day on which the new token expires: ${tagSecret(tag, ref)}`;
}

function putToken(secret: OfSecret, ref: RuleRef): string {
  return onSecret("put-secret-value", secret, ref, { "secret-string": "file://credential.json" });
}

function tagSecret(tag: OfTag, ref: RuleRef): string {
  return onSecret("tag-resource", tag, ref, { tags: `Key=${tag.expiryTag},Value=YYYY-MM-DD` });
}

function onSecret(
  operation: string,
  { credentialArn }: OfSecret,
  ref: RuleRef,
  options: Readonly<Record<string, string>> = {},
): string {
  return aws(`secretsmanager ${operation}`, ref, { "secret-id": credentialArn, ...options });
}

/** The day of an ISO 8601 time. */
function dayIn(time: string): string {
  return time.slice(0, 10);
}
