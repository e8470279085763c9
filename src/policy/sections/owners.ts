import * as z from "zod";
import { anyNamePatternsSchema, registryPatternsShape } from "./where.ts";

const text = z.string().trim().min(1).max(200);

/** Who owns the findings of some rules. */
export const ownerEntrySchema = z.strictObject({
  where: z
    .strictObject({
      ...registryPatternsShape,
      prefixes: anyNamePatternsSchema.optional().describe("Prefixes."),
    })
    .describe("The findings of this owner. All keys must match; an empty object matches everything."),
  name: text.describe("The owner's name, such as a team. Routes refer to it."),
  contact: text.optional().describe("How to reach the owner, such as a mail address or a channel."),
});

/** Who owns which findings. */
export const ownersSchema = z.union(
  [
    z.literal("account-email").describe("The e-mail address of each account in AWS Organizations."),
    z.array(ownerEntrySchema).readonly(),
  ],
  { error: 'must be "account-email" or a list of owners' },
);

/** The `owners` of a policy. */
export type Owners = z.infer<typeof ownersSchema>;
