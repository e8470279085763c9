import * as z from "zod";
import { registryFact } from "./fact.ts";

/** Snapshot files of older versions lack the texts. */
const policyText = z.string().nullable().default(null);

/** The schema of {@link CreationTemplate}. */
const creationTemplateSchema = z.strictObject({
  prefix: z.string().describe("The prefix of the repositories to which it applies; ROOT matches all others."),
  appliedFor: z.array(z.string()).readonly(),
  imageTagMutability: z.string(),
  encryptionType: z.string(),
  hasLifecyclePolicy: z.boolean(),
  hasRepositoryPolicy: z.boolean(),
  lifecyclePolicy: policyText.describe("The text of its lifecycle policy. Null: none, or not recorded."),
  repositoryPolicy: policyText.describe("The text of its repository policy. Null: none, or not recorded."),
  hasResourceTags: z.boolean(),
  customRoleArn: z.string().nullable(),
});

/**
 * A repository creation template. The fields are named as in the ECR API (`RepositoryCreationTemplate`, API version
 * 2015-09-21, read November 2026). For tags, only their presence is recorded.
 */
export type CreationTemplate = Readonly<z.infer<typeof creationTemplateSchema>>;

/** The registry's repository creation templates. */
export const creationTemplates = registryFact(
  "ecr:DescribeRepositoryCreationTemplates",
  z.array(creationTemplateSchema).readonly(),
);
