import * as z from "zod";

/** The prefix of the rule that catches every repository which no other rule catches. */
export const ROOT_PREFIX = "ROOT";

/** The schema of {@link PullThroughCacheRule}. */
export const ruleSchema = z.strictObject({
  ecrRepositoryPrefix: z.string(),
  upstreamRegistryUrl: z.string(),
  upstreamRegistry: z
    .string()
    .nullable()
    .describe("The registry recognized from the URL, or as AWS names it; null when neither tells."),
  upstreamRepositoryPrefix: z.string(),
  credentialArn: z.string().nullable(),
  customRoleArn: z.string().nullable(),
  createdAt: z.string().nullable(),
  updatedAt: z.string().nullable(),
});

/**
 * A pull through cache rule, its fields named as in the ECR API (`PullThroughCacheRule`, API version
 * 2015-09-21, read November 2026). `upstreamRepositoryPrefix` is `ROOT` where the API leaves it out; times
 * are ISO 8601.
 */
export type PullThroughCacheRule = Readonly<z.infer<typeof ruleSchema>>;

/** What a rule is made of besides its prefix. */
export type RuleParts = Pick<
  PullThroughCacheRule,
  "upstreamRegistryUrl" | "upstreamRepositoryPrefix" | "credentialArn" | "customRoleArn"
>;

/** What `rule` is made of besides its prefix. */
export function partsOf(rule: PullThroughCacheRule): RuleParts {
  const { upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn } = rule;
  return { upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn };
}
