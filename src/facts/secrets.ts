import * as z from "zod";
import { namedFact } from "./fact.ts";

/** The schema of {@link SecretDescription}. */
const secretDescriptionSchema = z.strictObject({
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

/** The secrets that rules name, by the ARN in their `credentialArn`. */
export const secrets = namedFact(
  "secretsmanager:DescribeSecret",
  secretDescriptionSchema,
  "By the ARN in a rule's credentialArn; absent: there is no such secret.",
  ({ credentialArn }) => credentialArn,
);
