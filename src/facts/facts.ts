import * as z from "zod";

/** The schema of {@link CreationTemplate}. */
export const creationTemplateSchema = z.strictObject({
  prefix: z.string().describe("The repositories it holds for; ROOT is the catch-all."),
  appliedFor: z.array(z.string()).readonly(),
  imageTagMutability: z.string(),
  encryptionType: z.string(),
  hasLifecyclePolicy: z.boolean(),
  hasRepositoryPolicy: z.boolean(),
  hasResourceTags: z.boolean(),
  customRoleArn: z.string().nullable(),
});

/**
 * A repository creation template, its fields named as in the ECR API (`RepositoryCreationTemplate`, API
 * version 2015-09-21, read November 2026); of policies and tags only whether there are any.
 */
export type CreationTemplate = Readonly<z.infer<typeof creationTemplateSchema>>;

/** The schema of {@link Scanning}. */
export const scanningConfigurationSchema = z.strictObject({
  scanType: z.string().describe("BASIC or ENHANCED."),
  rules: z
    .array(z.strictObject({ scanFrequency: z.string(), filters: z.array(z.string()).readonly() }))
    .readonly(),
});

/** A registry's scanning configuration (ECR API, `RegistryScanningConfiguration`, read November 2026). */
export type Scanning = Readonly<z.infer<typeof scanningConfigurationSchema>>;

/** The schema of {@link SecretDescription}. */
export const secretDescriptionSchema = z.strictObject({
  name: z.string(),
  kmsKeyId: z.string().nullable().describe("Null: the default key aws/secretsmanager."),
  lastChangedAt: z
    .string()
    .nullable()
    .describe("When anything of it was changed last, or else when it was created."),
  deletedAt: z.string().nullable().describe("Not null: it is scheduled for deletion."),
  tags: z.record(z.string(), z.string()),
});

/**
 * What DescribeSecret tells of a secret. Never its value: nor when that was changed, for `LastChangedDate` is "the
 * last date and time that this secret was modified in any way", be it a tag or the description.
 *
 * Source: AWS Secrets Manager API reference, DescribeSecret, November 2026.
 */
export type SecretDescription = Readonly<z.infer<typeof secretDescriptionSchema>>;

/** The facts of a registry beyond its rules, each collected only where it is asked for. */
export const factNames = ["creationTemplates", "scanning", "registryPolicy", "secrets"] as const;
export type FactName = (typeof factNames)[number];
