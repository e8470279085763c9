import * as z from "zod";

const time = z
  .union([z.iso.date(), z.iso.datetime()], { error: "must be a day or a time, such as 2026-12-01" })
  .nullable()
  .default(null);

/** A repository creation template; what is left out is as AWS has it in a new one. */
export const creationTemplateUnderTestSchema = z.strictObject({
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
export const scanningUnderTestSchema = z.strictObject({
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
export const secretUnderTestSchema = z.strictObject({
  kmsKeyId: z.string().nullable().default(null).describe("Null: the default key aws/secretsmanager."),
  lastChangedAt: time.describe("When anything of it was changed last, as a day or a time."),
  deletedAt: time.describe("Not null: it is scheduled for deletion."),
  tags: z.record(z.string(), z.string()).default({}).describe("Its tags."),
});
