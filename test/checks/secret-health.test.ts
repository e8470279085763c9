import { secretHealth } from "../../src/checks/secret-health/check.ts";
import { secretHealthText } from "../../src/checks/secret-health/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import { absent, type Evidence, present, unreadable } from "../../src/facts/evidence.ts";
import type { SecretDescription } from "../../src/facts/secrets.ts";
import { nothingCollected, type RegistrySnapshot, type Validation } from "../../src/facts/snapshot.ts";
import {
  anObservedRule,
  aPolicy,
  aRegistryOf,
  aRule,
  aSecret,
  aSnapshot,
  type PolicyFile,
} from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf";
const SECOND = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/second-AbCdEf";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** A registry with one rule, whose secret is as {@link aSecret} but for `overrides`. */
function whose(overrides: Partial<SecretDescription>): RegistrySnapshot {
  return aSnapshot({ secrets: { [ARN]: present(aSecret(overrides)) } });
}

/** The same, of a rule of which AWS said `validation`. */
function validated(
  validation: Evidence<Validation>,
  overrides: Partial<SecretDescription>,
  rule: Partial<PullThroughCacheRule> = {},
): RegistrySnapshot {
  return { ...whose(overrides), rules: present([anObservedRule({ rule: aRule(rule), validation })]) };
}

const invalidBecause = (failure: string) => present<Validation>({ outcome: "invalid", failure });
const invalid = invalidBecause("The secret cannot be decrypted. Customer managed keys are not supported.");

/** The same with this value of the expiry tag. */
function tagged(value: string): RegistrySnapshot {
  return whose({ tags: { "expires-on": value } });
}

function demanding(secrets: NonNullable<PolicyFile["secrets"]>) {
  return aPolicy({ secrets });
}

const rotating = demanding({ rotation: "required" });
const expiryOnly = demanding({ expiryTag: "expires-on" });

function due(kind: string, value: string): Expected {
  const data = { credentialArn: ARN, expiryTag: "expires-on", value };
  return { kind, prefix: "docker-hub", subject: "expiry", data };
}

function tooOld(lastChangedAt: string): Expected {
  const data = { credentialArn: ARN, lastChangedAt, maxAgeDays: 90 };
  return { kind: "secret-too-old", prefix: "docker-hub", subject: "age", data };
}

function underKey(kmsKeyId: string): Expected {
  const data = { credentialArn: ARN, kmsKeyId };
  return { kind: "secret-under-customer-key", prefix: "docker-hub", subject: "key", data };
}

function beingDeleted(deletedAt: string): Expected {
  const data = { credentialArn: ARN, deletedAt };
  return { kind: "secret-being-deleted", prefix: "docker-hub", subject: "deletion", data };
}

function notHere(credentialArn: string): Expected {
  return { kind: "credential-not-here", prefix: "docker-hub", data: { credentialArn } };
}

testCheck(secretHealth, {
  text: secretHealthText,
  policy: demanding({ maxAgeDays: 90, expiryTag: "expires-on", warnDays: 10 }),
  passes: [
    { name: "a healthy secret", registry: aSnapshot() },
    ...["alias/aws/secretsmanager", "arn:aws:kms:eu-west-1:111122223333:alias/aws/secretsmanager"].map(
      (kmsKeyId) => ({ name: `the default key as ${kmsKeyId}`, registry: validated(invalid, { kmsKeyId }) }),
    ),
    ...[KEY, "alias/ecr-tokens"].map((kmsKeyId) => ({
      name: `a secret under the key ${kmsKeyId} that ECR could decrypt, as the validation shows`,
      registry: whose({ kmsKeyId }),
    })),
    ...["2026-08-22T00:00:00.000Z", "2026-08-22T23:59:59.999Z"].map((lastChangedAt) => ({
      name: `a secret changed exactly 90 days ago, at ${lastChangedAt}`,
      registry: whose({ lastChangedAt }),
    })),
    {
      name: "a secret of any age, where the policy does not ask",
      registry: whose({ lastChangedAt: "2019-01-01T00:00:00.000Z" }),
      policy: expiryOnly,
    },
    {
      name: "a secret of unknown age, where the policy does not ask",
      registry: whose({ lastChangedAt: null }),
      policy: expiryOnly,
    },
    {
      name: "a value set recently in an old secret that was never edited otherwise",
      registry: aSnapshot({
        secrets: { [ARN]: present(aSecret({ lastChangedAt: null })) },
        secretVersions: { [ARN]: present({ currentSince: "2026-11-01T00:00:00.000Z" }) },
      }),
    },
    {
      name: "a secret that does not rotate, where the policy does not ask",
      registry: whose({ rotation: { isEnabled: false, nextAt: null } }),
    },
    {
      name: "a secret that rotates, its next rotation due today",
      registry: whose({ rotation: { isEnabled: true, nextAt: "2026-11-20T00:00:00.000Z" } }),
      policy: rotating,
    },
    {
      name: "a secret that rotates, without a planned time",
      registry: whose({ rotation: { isEnabled: true, nextAt: null } }),
      policy: rotating,
    },
    { name: "a token good for a day longer than the warning", registry: tagged("2026-12-01") },
    {
      name: "a token good for a day longer than the warning by default, of 14 days",
      registry: tagged("2026-12-05"),
      policy: expiryOnly,
    },
    { name: "a secret without the tag", registry: whose({ tags: { owner: "team-a" } }) },
    {
      name: "an expired token, where the policy names another tag",
      registry: tagged("2020-01-01"),
      policy: demanding({ expiryTag: "valid-until" }),
    },
    {
      name: "an expired token, where the policy names no tag",
      registry: whose({ tags: { "expires-on": "2020-01-01", undefined: "2020-01-01" } }),
      policy: demanding({}),
    },
  ],
  fails: [
    {
      name: "a secret that does not exist",
      registry: aSnapshot({ secrets: { [ARN]: absent } }),
      says: [{ kind: "secret-missing", prefix: "docker-hub", data: { credentialArn: ARN } }],
    },
    {
      name: "a secret that is being deleted",
      registry: whose({ deletedAt: "2026-11-19T09:00:00.000Z" }),
      says: [beingDeleted("2026-11-19T09:00:00.000Z")],
    },
    ...[
      KEY,
      "alias/ecr-tokens",
      "alias/aws/secretsmanager-2",
      "alias/aws/s3",
      "alias/my/alias/aws/secretsmanager",
      "arn:aws:kms:eu-west-1:111122223333:alias/ecr-tokens",
    ].map((kmsKeyId) => ({
      name: `a secret under the key ${kmsKeyId}`,
      registry: validated(invalid, { kmsKeyId }),
      says: [underKey(kmsKeyId)],
    })),
    {
      name: "a secret under the alias of a customer key, where the validation could not be read",
      registry: validated(unreadable("throttled", "ecr:X", "slow down"), { kmsKeyId: "alias/ecr-tokens" }),
      says: [underKey("alias/ecr-tokens")],
    },
    {
      name: "a secret changed 91 days ago, by less than two hours",
      registry: whose({ lastChangedAt: "2026-08-21T23:59:59.999Z" }),
      says: [tooOld("2026-08-21T23:59:59.999Z")],
    },
    {
      name: "an old value in a secret whose tags were edited yesterday",
      registry: aSnapshot({
        secrets: { [ARN]: present(aSecret({ lastChangedAt: "2026-11-19T00:00:00.000Z" })) },
        secretVersions: { [ARN]: present({ currentSince: "2026-08-21T00:00:00.000Z" }) },
      }),
      says: [tooOld("2026-08-21T00:00:00.000Z")],
    },
    {
      name: "a secret last changed too long ago, whose versions could not be read",
      registry: aSnapshot({
        secrets: { [ARN]: present(aSecret({ lastChangedAt: "2026-08-21T00:00:00.000Z" })) },
        secretVersions: { [ARN]: unreadable("throttled", "secretsmanager:ListSecretVersionIds", "no") },
      }),
      says: [tooOld("2026-08-21T00:00:00.000Z")],
    },
    {
      name: "a secret that does not rotate",
      registry: whose({ rotation: { isEnabled: false, nextAt: "2026-12-20T00:00:00.000Z" } }),
      policy: rotating,
      says: [
        { kind: "rotation-off", prefix: "docker-hub", subject: "rotation", data: { credentialArn: ARN } },
      ],
    },
    {
      name: "a secret that should have rotated yesterday",
      registry: whose({ rotation: { isEnabled: true, nextAt: "2026-11-19T23:00:00.000Z" } }),
      policy: rotating,
      says: [
        {
          kind: "rotation-overdue",
          prefix: "docker-hub",
          subject: "rotation",
          data: { credentialArn: ARN, nextAt: "2026-11-19T23:00:00.000Z" },
        },
      ],
    },
    ...["2026-11-19", "2020-01-01"].map((value) => ({
      name: `a token that expired on ${value}`,
      registry: tagged(value),
      says: [due("secret-expired", value)],
    })),
    ...["2026-11-20", "2026-11-21", "2026-11-30"].map((value) => ({
      name: `a token that expires on ${value}, within the 10 days of the policy`,
      registry: tagged(value),
      says: [due("secret-expires-soon", value)],
    })),
    {
      name: "a token that expires in 14 days, where the policy does not say when to warn",
      registry: tagged("2026-12-04"),
      policy: expiryOnly,
      says: [due("secret-expires-soon", "2026-12-04")],
    },
    ...["", "never", "30.06.2027", "2027-02-30", "2027-06-30T00:00:00Z"].map((value) => ({
      name: `an expiry tag that is not a day: "${value}"`,
      registry: tagged(value),
      says: [due("expiry-not-a-day", value)],
    })),
    {
      name: "a secret with which everything is wrong",
      registry: validated(invalid, {
        deletedAt: "2026-11-19T09:00:00.000Z",
        kmsKeyId: KEY,
        lastChangedAt: "2025-11-19T09:00:00.000Z",
        tags: { "expires-on": "2026-11-19" },
      }),
      says: [
        beingDeleted("2026-11-19T09:00:00.000Z"),
        underKey(KEY),
        tooOld("2025-11-19T09:00:00.000Z"),
        due("secret-expired", "2026-11-19"),
      ],
    },
    {
      name: "a secret in use, where the policy asks for nothing in particular",
      registry: validated(invalid, { kmsKeyId: KEY, deletedAt: "2026-11-19T09:00:00.000Z" }),
      policy: demanding({}),
      says: [beingDeleted("2026-11-19T09:00:00.000Z"), underKey(KEY)],
    },
    {
      name: "the secret of a rule that needs none",
      registry: validated(invalid, { kmsKeyId: KEY }, { upstreamRegistryUrl: "quay.io" }),
      says: [underKey(KEY)],
    },
    {
      name: "of two secrets the one that is missing",
      registry: aSnapshot({
        rules: aRegistryOf({}, { ecrRepositoryPrefix: "second", credentialArn: SECOND }).rules,
        secrets: { [ARN]: present(aSecret()), [SECOND]: absent },
      }),
      evaluating: ["second"],
      says: [{ kind: "secret-missing", prefix: "second", data: { credentialArn: SECOND } }],
    },
  ],
  unknownCases: [
    ...[
      unreadable("throttled", "ecr:ValidatePullThroughCacheRule", "slow down"),
      present<Validation>({ outcome: "declined", detail: "not supported" }),
      invalidBecause("429 Too Many Requests"),
      invalidBecause("Authentication with the upstream registry failed: unauthorized"),
      invalidBecause("AccessDenied"),
    ].map((validation) => ({
      name: `a secret under a key that may be the default one, where the validation says ${JSON.stringify(validation)}`,
      registry: validated(validation, { kmsKeyId: KEY }),
      says: [{ ...underKey(KEY), kind: "secret-key-unknown" }],
    })),
    {
      name: "a secret that could not be described",
      registry: aSnapshot({
        secrets: { [ARN]: unreadable("access-denied", "secretsmanager:DescribeSecret", "as AWS said it") },
      }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: {
            reason: "access-denied",
            operation: "secretsmanager:DescribeSecret",
            detail: "as AWS said it",
          },
        },
      ],
    },
    {
      name: "a secret whose versions could not be read",
      registry: aSnapshot({
        secretVersions: {
          [ARN]: unreadable("access-denied", "secretsmanager:ListSecretVersionIds", "as AWS said it"),
        },
      }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: {
            reason: "access-denied",
            operation: "secretsmanager:ListSecretVersionIds",
            detail: "as AWS said it",
          },
        },
      ],
    },
    {
      name: "a secret of which an older version did not record whether it rotates",
      registry: whose({ rotation: null }),
      policy: rotating,
      says: [
        { kind: "rotation-unknown", prefix: "docker-hub", subject: "rotation", data: { credentialArn: ARN } },
      ],
    },
    {
      name: "a secret that nobody asked for",
      registry: aSnapshot({ secrets: nothingCollected.secrets }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: {
            reason: "not-collected",
            operation: "secretsmanager:DescribeSecret",
            detail: "it was not requested when the registry was read",
          },
        },
      ],
    },
    ...[null, "long ago"].map((lastChangedAt) => ({
      name: `a secret that was changed last at ${lastChangedAt}`,
      registry: whose({ lastChangedAt }),
      says: [
        { kind: "secret-age-unknown", prefix: "docker-hub", subject: "age", data: { credentialArn: ARN } },
      ],
    })),
  ],
  doesNotApply: [
    {
      name: "a broken secret, where the policy does not ask for secrets",
      registry: whose({ kmsKeyId: KEY }),
      policy: aPolicy(),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    {
      name: "a rule without a credential",
      registry: aRegistryOf({ credentialArn: null }),
      says: [{ kind: "no-credential", prefix: "docker-hub", data: {} }],
    },
    ...[
      ARN.replace("111122223333", "444455556666"),
      ARN.replace("eu-west-1", "us-east-1"),
      "ecr-pullthroughcache/docker-hub",
    ].map((credentialArn) => ({
      name: `a credential that upstream-credentials reports: ${credentialArn}`,
      registry: { ...aRegistryOf({ credentialArn }), secrets: { [credentialArn]: absent } },
      says: [notHere(credentialArn)],
    })),
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
