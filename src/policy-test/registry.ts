import * as z from "zod";
import { accountIdSchema, regionSchema } from "../ecr/target.ts";
import { absent, type Evidence, present } from "../facts/evidence.ts";
import { nothingCollected, type RegistrySnapshot } from "../facts/snapshot.ts";
import { anyOrganizationalUnitsSchema } from "../policy/sections/scope.ts";
import { observedRuleOf, ruleUnderTestSchema } from "./rule.ts";

const time = z
  .union([z.iso.date(), z.iso.datetime()], { error: "must be a day or a time, such as 2026-12-01" })
  .nullable()
  .default(null);

/** A repository creation template; what is left out is as AWS has it in a new one. */
const creationTemplateUnderTestSchema = z.strictObject({
  prefix: z.string().min(2).describe("The repositories it holds for; ROOT is the catch-all."),
  appliedFor: z
    .array(z.string())
    .readonly()
    .default(["PULL_THROUGH_CACHE"])
    .describe("What it is applied for: PULL_THROUGH_CACHE, REPLICATION, CREATE_ON_PUSH."),
  imageTagMutability: z.string().default("MUTABLE").describe("MUTABLE, IMMUTABLE or one with exclusions."),
  encryptionType: z.string().default("AES256").describe("AES256, KMS or KMS_DSSE."),
  hasLifecyclePolicy: z.boolean().default(false).describe("Whether it carries a lifecycle policy."),
  hasRepositoryPolicy: z.boolean().default(false).describe("Whether it carries a repository policy."),
  hasResourceTags: z.boolean().default(false).describe("Whether it carries tags."),
  customRoleArn: z.string().nullable().default(null).describe("The role by which repositories are made."),
});

/** How a registry is scanned. */
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
    .describe("Which repositories are scanned, and when."),
});

/** A secret; its value plays no part. */
const secretUnderTestSchema = z.strictObject({
  kmsKeyId: z.string().nullable().default(null).describe("Null: the default key aws/secretsmanager."),
  lastChangedAt: time.describe("When anything of it was changed last, as a day or a time."),
  deletedAt: time.describe("Not null: it is scheduled for deletion."),
  tags: z.record(z.string(), z.string()).default({}).describe("Its tags."),
});

const left = "Left out: it was not read, and checks of it answer UNKNOWN.";

/** The schema of {@link RegistryUnderTest}. */
export const registryUnderTestSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  organizationId: z.string().min(1).optional().describe("The organization that the account belongs to."),
  organizationalUnits: anyOrganizationalUnitsSchema
    .default([])
    .describe("The root and the organizational units that the account lies in, at every depth."),
  rules: z.array(ruleUnderTestSchema).readonly().describe("The registry's pull through cache rules."),
  creationTemplates: z
    .array(creationTemplateUnderTestSchema)
    .readonly()
    .optional()
    .describe(`The registry's repository creation templates. ${left}`),
  scanning: scanningUnderTestSchema.optional().describe(`How the registry is scanned. ${left}`),
  registryPolicy: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe(`The registry's policy as an IAM document; null: none is set. ${left}`),
  secrets: z
    .record(z.string(), secretUnderTestSchema.nullable())
    .default({})
    .describe("The rules' secrets by ARN; null: there is none. One left out was not read."),
});

/** A registry as a case describes it: healthy wherever it says nothing. */
type RegistryUnderTest = Readonly<z.infer<typeof registryUnderTestSchema>>;

/** The facts that an audit would have read of a case's registry. */
export function snapshotOf(registry: RegistryUnderTest, at: Date): RegistrySnapshot {
  const { account, region, organizationId = null, organizationalUnits, rules, secrets } = registry;
  const { creationTemplates, scanning, registryPolicy } = registry;
  return {
    target: { account, accountName: null, organizationId, organizationalUnits, region },
    collectedAt: at.toISOString(),
    rules: present(rules.map(observedRuleOf)),
    creationTemplates:
      creationTemplates === undefined ? nothingCollected.creationTemplates : present(creationTemplates),
    scanning: scanning === undefined ? nothingCollected.scanning : present(scanning),
    registryPolicy: registryPolicyOf(registryPolicy),
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([arn, secret]) => [
        arn,
        secret === null ? absent : present({ ...secret, name: secretNameOf(arn) }),
      ]),
    ),
  };
}

function registryPolicyOf(policy: RegistryUnderTest["registryPolicy"]): Evidence<string> {
  if (policy === undefined) return nothingCollected.registryPolicy;
  return policy === null ? absent : present(JSON.stringify(policy));
}

/** The name within a secret's ARN, which Secrets Manager ends with a hyphen and six random characters. */
function secretNameOf(arn: string): string {
  return arn.replace(/^.*:secret:/, "").replace(/-[A-Za-z0-9]{6}$/, "");
}
