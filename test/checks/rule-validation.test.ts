import { ruleValidation } from "../../src/checks/rule-validation/check.ts";
import { ruleValidationText } from "../../src/checks/rule-validation/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import {
  absent,
  type Evidence,
  present,
  unreadable,
  unreadableReasonSchema,
} from "../../src/facts/evidence.ts";
import type { RegistrySnapshot, Validation } from "../../src/facts/snapshot.ts";
import { anObservedRule, aRegistryOf, aRule, aSnapshot } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const OPERATION = "ecr:ValidatePullThroughCacheRule";
const failure = "The upstream registry refused the credentials.";
const detail = "ValidationException: this upstream takes no credentials";

const publicRule = {
  ecrRepositoryPrefix: "ecr-public",
  upstreamRegistryUrl: "public.ecr.aws",
  credentialArn: null,
};
const privateRule = { ...publicRule, ecrRepositoryPrefix: "private", credentialArn: aRule().credentialArn };
const ecrRule = {
  ecrRepositoryPrefix: "base",
  upstreamRegistryUrl: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
  credentialArn: null,
};

/** A registry with one rule, of which AWS has said `validation`. */
function validated(
  validation: Evidence<Validation>,
  rule: Partial<PullThroughCacheRule> = {},
): RegistrySnapshot {
  return aSnapshot({ rules: present([anObservedRule({ rule: aRule(rule), validation })]) });
}

const invalid = present<Validation>({ outcome: "invalid", failure });
const declined = present<Validation>({ outcome: "declined", detail });

/** Sentences of an upstream that does not work, whoever asks. */
const upstreamFailures = [
  "The upstream registry returned 404 Not Found.",
  "no such host",
  "toomanyrequests: You have reached your unauthenticated pull rate limit",
  "Too many requests to the upstream registry",
  "The upstream registry is unavailable",
  "Connection to the upstream registry timed out.",
  "The upstream registry returned 503",
  "connect ECONNREFUSED",
  "Repository does not exist",
];

/** Sentences that say that a rule without a credential cannot be validated. */
const refusals = [
  failure,
  "unauthorized: authentication required",
  "The rule has no credentials",
  "Validation is not supported for this upstream registry",
  "The secret was not found",
  "access denied",
  "The upstream registry returned 401",
  "Something went wrong (code 17)",
];

testCheck(ruleValidation, {
  text: ruleValidationText,
  passes: [
    { name: "a rule with a credential that works", registry: aRegistryOf({}) },
    { name: "a rule without credential that works", registry: aRegistryOf(publicRule) },
    { name: "an ECR rule with a role that works", registry: aRegistryOf(ecrRule) },
    { name: "several rules that work", registry: aRegistryOf({}, publicRule, ecrRule) },
  ],
  fails: [
    {
      name: "a rule with a credential that does not work",
      registry: validated(invalid),
      says: [
        {
          kind: "validation-failed",
          prefix: "docker-hub",
          data: {
            failure,
            upstreamRegistryUrl: "registry-1.docker.io",
            credentialArn: aRule().credentialArn,
          },
        },
      ],
    },
    ...upstreamFailures.map((sentence) => ({
      name: `a rule without credential whose upstream does not work: ${sentence}`,
      registry: validated(present<Validation>({ outcome: "invalid", failure: sentence }), publicRule),
      says: [
        {
          kind: "validation-failed",
          prefix: "ecr-public",
          data: { failure: sentence, upstreamRegistryUrl: "public.ecr.aws", credentialArn: null },
        },
      ],
    })),
    {
      name: "every broken rule, each on its own",
      registry: aSnapshot({
        rules: present(
          [privateRule, ecrRule].map((rule) => anObservedRule({ rule: aRule(rule), validation: invalid })),
        ),
      }),
      says: [privateRule, ecrRule].map(({ ecrRepositoryPrefix, upstreamRegistryUrl, credentialArn }) => ({
        kind: "validation-failed",
        prefix: ecrRepositoryPrefix,
        data: { failure, upstreamRegistryUrl, credentialArn },
      })),
    },
  ],
  unknownCases: [
    ...refusals.map((sentence) => ({
      name: `AWS calls a rule that authenticates with nothing invalid: ${sentence}`,
      registry: validated(present<Validation>({ outcome: "invalid", failure: sentence }), publicRule),
      says: [{ kind: "validation-declined", prefix: "ecr-public", data: { detail: sentence } }],
    })),
    ...unreadableReasonSchema.options.map((reason) => ({
      name: `the validation could not be read: ${reason}`,
      registry: validated(unreadable(reason, OPERATION, "as AWS said it")),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: { reason, operation: OPERATION, detail: "as AWS said it" },
        },
      ],
    })),
    {
      name: "AWS declines to validate a rule with a credential",
      registry: validated(declined),
      says: [{ kind: "validation-declined", prefix: "docker-hub", data: { detail } }],
    },
    {
      name: "AWS declines to validate a rule with a credential that its upstream does not need",
      registry: validated(declined, { ...publicRule, credentialArn: aRule().credentialArn }),
      says: [{ kind: "validation-declined", prefix: "ecr-public", data: { detail } }],
    },
    {
      name: "AWS declines to validate an ECR rule: its role stays unproven",
      registry: validated(declined, {
        ...ecrRule,
        customRoleArn: "arn:aws:iam::111122223333:role/ecr-pull",
      }),
      says: [{ kind: "validation-declined", prefix: "base", data: { detail } }],
    },
    {
      name: "AWS declines to validate an ECR rule without a role",
      registry: validated(declined, ecrRule),
      says: [{ kind: "validation-declined", prefix: "base", data: { detail } }],
    },
  ],
  doesNotApply: [
    {
      name: "AWS declines to validate a rule that authenticates with nothing",
      registry: validated(declined, publicRule),
      says: [{ kind: "validation-declined", prefix: "ecr-public", data: { detail } }],
    },
    {
      name: "the rule was deleted during the audit",
      registry: validated(absent),
      says: [{ kind: "rule-deleted", prefix: "docker-hub", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
    {
      name: "an audit narrowed to other prefixes",
      registry: validated(invalid),
      evaluating: ["quay"],
      says: "nothing",
    },
  ],
});
