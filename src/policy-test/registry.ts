import * as z from "zod";
import type { RepositoriesRequest } from "../audit/collect/cached-repositories.ts";
import { accountIdSchema, regionSchema, type Target } from "../ecr/target.ts";
import type { CreationTemplate } from "../facts/creation-templates.ts";
import { absent, type Evidence, present } from "../facts/evidence.ts";
import type { SecretDescription } from "../facts/secrets.ts";
import { nothingCollected, type RegistrySnapshot } from "../facts/snapshot.ts";
import { anyOrganizationalUnitsSchema } from "../policy/sections/scope.ts";
import {
  heardPullsOf,
  pullsUnderTestSchema,
  repositoryFactsOf,
  repositoryUnderTestSchema,
  timeUnderTestSchema,
} from "./repositories.ts";
import { observedRuleOf, ruleUnderTestSchema } from "./rule.ts";

const time = timeUnderTestSchema.nullable().default(null);

/** A repository creation template. Omitted settings have the defaults of AWS. */
const creationTemplateUnderTestSchema = z.strictObject({
  prefix: z
    .string()
    .min(2)
    .describe("The prefix of the repositories to which it applies; ROOT matches all others."),
  appliedFor: z
    .array(z.string())
    .readonly()
    .default(["PULL_THROUGH_CACHE"])
    .describe("The features to which it applies: PULL_THROUGH_CACHE, REPLICATION, CREATE_ON_PUSH."),
  imageTagMutability: z.string().default("MUTABLE").describe("MUTABLE, IMMUTABLE or one with exclusions."),
  encryptionType: z.string().default("AES256").describe("AES256, KMS or KMS_DSSE."),
  hasLifecyclePolicy: z.boolean().default(false).describe("Whether it has a lifecycle policy."),
  hasRepositoryPolicy: z.boolean().default(false).describe("Whether it has a repository policy."),
  lifecyclePolicy: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "Its lifecycle policy, if that matters. Default, if it has one: all images expire after a day.",
    ),
  repositoryPolicy: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "Its repository policy as an IAM document, if that matters. Default, if it has one: its account may pull.",
    ),
  hasResourceTags: z.boolean().default(false).describe("Whether it has tags."),
  customRoleArn: z
    .string()
    .nullable()
    .default(null)
    .describe("The role with which ECR creates repositories."),
});

/** The scanning configuration of a registry. */
const scanningUnderTestSchema = z.strictObject({
  scanType: z.enum(["BASIC", "ENHANCED"]).default("BASIC").describe("BASIC or ENHANCED."),
  rules: z
    .array(
      z.strictObject({
        scanFrequency: z.string().describe("SCAN_ON_PUSH, CONTINUOUS_SCAN or MANUAL."),
        filters: z.array(z.string()).readonly().describe("Repository names; `*` is a wildcard."),
      }),
    )
    .readonly()
    .default([])
    .describe("The repositories that are scanned, and when."),
});

/** A secret, without its value. */
const secretUnderTestSchema = z.strictObject({
  kmsKeyId: z
    .string()
    .nullable()
    .default(null)
    .describe("The KMS key. Null: the default key aws/secretsmanager."),
  lastChangedAt: time.describe("When it was last changed in any way, as a date or a time."),
  currentSince: time.describe("When its current value was set. Default: lastChangedAt."),
  rotation: z
    .strictObject({
      isEnabled: z.boolean().describe("Whether it rotates automatically."),
      nextAt: time.describe("The time by which it rotates next."),
    })
    .default({ isEnabled: false, nextAt: null })
    .describe("Its automatic rotation."),
  deletedAt: time.describe("The deletion date. Null: it is not scheduled for deletion."),
  tags: z.record(z.string(), z.string()).default({}).describe("Its tags."),
});

const ifOmitted = "If omitted, it was not read, and checks that need it return UNKNOWN.";

/** The schema of {@link RegistryUnderTest}. */
export const registryUnderTestSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  organizationId: z.string().min(1).optional().describe("The organization that the account belongs to."),
  organizationalUnits: anyOrganizationalUnitsSchema
    .default([])
    .describe("The root and all organizational units above the account, at every depth."),
  rules: z.array(ruleUnderTestSchema).readonly().describe("The registry's pull through cache rules."),
  creationTemplates: z
    .array(creationTemplateUnderTestSchema)
    .readonly()
    .optional()
    .describe(`The registry's repository creation templates. ${ifOmitted}`),
  scanning: scanningUnderTestSchema.optional().describe(`The scanning configuration. ${ifOmitted}`),
  registryPolicy: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe(`The registry policy as an IAM document. Null: none is set. ${ifOmitted}`),
  secrets: z
    .record(z.string(), secretUnderTestSchema.nullable())
    .default({})
    .describe("The rules' secrets by ARN. Null: the secret does not exist. Omitted secrets were not read."),
  cachedRepositories: z
    .array(repositoryUnderTestSchema)
    .readonly()
    .optional()
    .describe(`The registry's repositories, whether a rule covers them or not. ${ifOmitted}`),
  formerPrefixes: z
    .array(z.string().min(2))
    .readonly()
    .default([])
    .describe("The prefixes of rules that earlier audits saw and that are gone."),
  pulls: z
    .record(z.string(), pullsUnderTestSchema)
    .optional()
    .describe(
      "What the account forwarded of pulls, by the prefix of the rule. If omitted, nothing was heard.",
    ),
});

/** A registry as a case describes it. Everything that a case omits is healthy. */
export type RegistryUnderTest = Readonly<z.infer<typeof registryUnderTestSchema>>;

/** The target of the registry of a case. */
export function targetOf(registry: RegistryUnderTest): Target {
  const { account, region, organizationId = null, organizationalUnits } = registry;
  return { account, accountName: null, organizationId, organizationalUnits, region };
}

/**
 * The snapshot that an audit would collect from the registry of a case.
 *
 * @param repositories what the policy needs of its repositories; `null` for nothing
 */
export function snapshotOf(
  registry: RegistryUnderTest,
  at: Date,
  repositories: RepositoriesRequest | null = null,
): RegistrySnapshot {
  const { account, rules, secrets, creationTemplates, scanning, registryPolicy } = registry;
  const prefixes = rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
  return {
    target: targetOf(registry),
    collectedAt: at.toISOString(),
    rules: present(rules.map(observedRuleOf)),
    creationTemplates:
      creationTemplates === undefined
        ? nothingCollected.creationTemplates
        : present(creationTemplates.map((template) => templateOf(template, account))),
    scanning: scanning === undefined ? nothingCollected.scanning : present(scanning),
    registryPolicy: registryPolicyOf(registryPolicy),
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([arn, secret]) => [
        arn,
        secret === null ? absent : present(secretOf(arn, secret)),
      ]),
    ),
    secretVersions: Object.fromEntries(
      Object.entries(secrets).map(([arn, secret]) => [
        arn,
        secret === null ? absent : present({ currentSince: secret.currentSince ?? secret.lastChangedAt }),
      ]),
    ),
    ...repositoryFactsOf(registry.cachedRepositories, prefixes, repositories, at),
    pulls: heardPullsOf(registry.pulls),
    repositorySizes: nothingCollected.repositorySizes,
  };
}

function templateOf(
  { lifecyclePolicy, repositoryPolicy, ...template }: z.infer<typeof creationTemplateUnderTestSchema>,
  account: string,
): CreationTemplate {
  const hasLifecyclePolicy = template.hasLifecyclePolicy || lifecyclePolicy !== undefined;
  const hasRepositoryPolicy = template.hasRepositoryPolicy || repositoryPolicy !== undefined;
  return {
    ...template,
    hasLifecyclePolicy,
    hasRepositoryPolicy,
    lifecyclePolicy: hasLifecyclePolicy ? JSON.stringify(lifecyclePolicy ?? expireAll) : null,
    repositoryPolicy: hasRepositoryPolicy ? JSON.stringify(repositoryPolicy ?? pullBy(account)) : null,
  };
}

const expireAll = {
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
      action: { type: "expire" },
    },
  ],
};

function pullBy(account: string) {
  return { Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "ecr:BatchGetImage" } };
}

function secretOf(
  arn: string,
  { currentSince: _, ...secret }: z.infer<typeof secretUnderTestSchema>,
): SecretDescription {
  return { ...secret, name: secretNameOf(arn) };
}

function registryPolicyOf(policy: RegistryUnderTest["registryPolicy"]): Evidence<string> {
  if (policy === undefined) return nothingCollected.registryPolicy;
  return policy === null ? absent : present(JSON.stringify(policy));
}

/** The name in a secret's ARN, without the hyphen and the six random characters that Secrets Manager appends. */
function secretNameOf(arn: string): string {
  return arn.replace(/^.*:secret:/, "").replace(/-[A-Za-z0-9]{6}$/, "");
}
