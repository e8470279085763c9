import * as z from "zod";
import { registryFact } from "./fact.ts";

/** The schema of {@link CreationTemplate}. */
const creationTemplateSchema = z.strictObject({
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

/** The registry's repository creation templates. */
export const creationTemplates = registryFact(
  "ecr:DescribeRepositoryCreationTemplates",
  z.array(creationTemplateSchema).readonly(),
);
