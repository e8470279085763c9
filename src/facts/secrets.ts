import * as z from "zod";
import { namedFact } from "./fact.ts";

/** The schema of {@link SecretDescription}. */
const secretDescriptionSchema = z.strictObject({
  name: z.string(),
  kmsKeyId: z.string().nullable().describe("The KMS key. Null: the default key aws/secretsmanager."),
  lastChangedAt: z
    .string()
    .nullable()
    .describe("When it was last changed in any way, or else when it was created."),
  deletedAt: z.string().nullable().describe("The deletion date. Null: it is not scheduled for deletion."),
  tags: z.record(z.string(), z.string()),
  rotation: z
    .strictObject({
      isEnabled: z.boolean(),
      nextAt: z.string().nullable().describe("The time by which it rotates next. Null: not planned."),
    })
    .nullable()
    .default(null)
    .describe("Its automatic rotation. Null: not recorded, in files of older versions."),
});

/**
 * Describes a secret without reading its value, as DescribeSecret returns it. It does not show when the value was
 * changed: `LastChangedDate` is "the last date and time that this secret was modified in any way", which includes
 * changes of tags and of the description.
 *
 * Source: AWS Secrets Manager API reference, DescribeSecret, November 2026.
 */
export type SecretDescription = Readonly<z.infer<typeof secretDescriptionSchema>>;

/** The secrets that rules use, by the ARN in their `credentialArn`. */
export const secrets = namedFact(
  "secretsmanager:DescribeSecret",
  secretDescriptionSchema,
  "By the ARN in a rule's credentialArn; absent: the secret does not exist.",
  ({ credentialArn }) => credentialArn,
);

/** The schema of {@link SecretVersion}. */
const secretVersionSchema = z.strictObject({
  currentSince: z
    .string()
    .nullable()
    .describe("When the version with the label AWSCURRENT was created. Null: AWS does not report it."),
});

/**
 * The current version of a secret, without its value: `CreatedDate` of the version labeled `AWSCURRENT`. It shows the age
 * of the value, because a value never changes within a version (AWS Secrets Manager API reference, ListSecretVersionIds,
 * November 2026).
 */
export type SecretVersion = Readonly<z.infer<typeof secretVersionSchema>>;

/** The current versions of the secrets that rules use, by the ARN in their `credentialArn`. */
export const secretVersions = namedFact(
  "secretsmanager:ListSecretVersionIds",
  secretVersionSchema,
  "By the ARN in a rule's credentialArn; absent: the secret does not exist.",
  ({ credentialArn }) => credentialArn,
);
