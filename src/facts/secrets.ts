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
