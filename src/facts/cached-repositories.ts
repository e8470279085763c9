import * as z from "zod";
import { unreadableSchema } from "./evidence.ts";
import { registryFact } from "./fact.ts";

/** The schema of {@link CachedRepository}. */
const cachedRepositorySchema = z.strictObject({
  name: z.string(),
  prefix: z.string().describe("The prefix of the rule that covers it, or of the former rule that filled it."),
  createdAt: z.string().nullable(),
  imageTagMutability: z.string(),
  encryptionType: z.string(),
  scanOnPush: z.boolean(),
});

/** A repository under the prefix of a rule (ECR API, `Repository`, read November 2026). */
export type CachedRepository = Readonly<z.infer<typeof cachedRepositorySchema>>;

/** The schema of {@link CachedPrefix}. */
const cachedPrefixSchema = z.strictObject({
  prefix: z.string(),
  isFormer: z.boolean().describe("Whether its rule is gone. An earlier audit saw the rule."),
  existing: z.int().nonnegative().describe("The repositories under it, without those that are excluded."),
  excluded: z.int().nonnegative().describe("The repositories under it that the policy excludes."),
});

/** How many repositories there are under the prefix of a rule. */
export type CachedPrefix = Readonly<z.infer<typeof cachedPrefixSchema>>;

/** The schema of {@link NamePart}. */
export const namePartSchema = z.strictObject({
  from: z.string().nullable().describe("The first name of the part. Null: it begins with the first of all."),
  to: z.string().nullable().describe("The first name behind the part. Null: it ends with the last of all."),
});

/** A part of the repositories of a registry in the order of their names, for those that are not all read at once. */
export type NamePart = Readonly<z.infer<typeof namePartSchema>>;

/** The schema of {@link CachedRepositories}. */
const cachedRepositoriesSchema = z.strictObject({
  prefixes: z.array(cachedPrefixSchema).readonly(),
  lookedAt: z
    .array(cachedRepositorySchema)
    .readonly()
    .describe("The repositories that the audit looked at: all of them, or those whose turn it was."),
  part: namePartSchema.optional().describe("The part whose turn it was. Left out: all were looked at."),
});

/**
 * The repositories of a registry that its rules cover. The repositories of the rule `ROOT` are those that no other rule
 * covers. ECR does not tell which of them it created for a pull through the cache, so some may be somebody's own.
 */
export type CachedRepositories = Readonly<z.infer<typeof cachedRepositoriesSchema>>;

/** The repositories under the prefixes of rules. */
export const cachedRepositories = registryFact("ecr:DescribeRepositories", cachedRepositoriesSchema);

/** The schema of {@link PolicyTexts}. */
const policyTextsSchema = z.strictObject({
  texts: z.array(z.string()).readonly().describe("The different texts."),
  of: z
    .record(z.string(), z.int().nonnegative().nullable())
    .describe("By name of the repository, the index of its text. Null: it has no policy."),
  unread: z
    .array(unreadableSchema.extend({ repositories: z.array(z.string()).readonly() }))
    .readonly()
    // Snapshots of older versions do not have this.
    .default([])
    .describe("The repositories whose texts could not be read, and why; one entry for each reason."),
});

/** The texts of one kind of policy of repositories. Most repositories of a template share one text. */
export type PolicyTexts = Readonly<z.infer<typeof policyTextsSchema>>;

/** The schema of {@link RepositoryPulls}. */
const repositoryPullsSchema = z.strictObject({
  since: z
    .string()
    .describe("The beginning of the time for which pulls were counted; it ends with the audit."),
  of: z
    .record(z.string(), z.number().nonnegative().nullable())
    .describe("By name of the repository, how often it was pulled from. Null: CloudWatch has no data of it."),
});

/** How often repositories were pulled from within a time, by the metric `RepositoryPullCount`. */
export type RepositoryPulls = Readonly<z.infer<typeof repositoryPullsSchema>>;

/**
 * The pulls from the repositories that the audit looked at. Not by the last recorded pulls of images: Amazon Inspector's
 * scans count as pulls there.
 */
export const repositoryPulls = registryFact("cloudwatch:GetMetricData", repositoryPullsSchema);

/** The schema of {@link RepositorySize}. */
const repositorySizeSchema = z.strictObject({
  images: z.int().nonnegative(),
  bytes: z
    .number()
    .nonnegative()
    .describe("The sum of the sizes of the images, as they are stored, compressed."),
  isWhole: z
    .boolean()
    .describe("Whether these are all images of the repository, and not only the first thousand."),
});

/**
 * What the images of a repository add up to. ECR stores a layer that images share only once, so the repository may store
 * less than that.
 */
export type RepositorySize = Readonly<z.infer<typeof repositorySizeSchema>>;

/** What repositories store that are orphaned or that nobody pulled from, by name. */
export const repositorySizes = registryFact(
  "ecr:DescribeImages",
  z.record(z.string(), repositorySizeSchema).readonly(),
);

/** The lifecycle policies of the repositories that the audit looked at. */
export const cachedLifecyclePolicies = registryFact("ecr:GetLifecyclePolicy", policyTextsSchema);

/** The repository policies of the repositories that the audit looked at. */
export const cachedRepositoryPolicies = registryFact("ecr:GetRepositoryPolicy", policyTextsSchema);
