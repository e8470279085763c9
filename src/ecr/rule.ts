import * as z from "zod";
import type { PlannedRule } from "../schemas/remediation-plan.ts";

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

/** The parameters of CreatePullThroughCacheRule that stand for a rule, by the API's names; what it lacks is left out. */
export type RuleParameters = Pick<PlannedRule, "ecrRepositoryPrefix" | "upstreamRegistryUrl"> & {
  readonly upstreamRepositoryPrefix?: string;
  readonly credentialArn?: string;
  readonly customRoleArn?: string;
};

/** The parameters by which a rule is created. A rule that caches the whole upstream names no part of it. */
export function parametersOf(rule: PlannedRule): RuleParameters {
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix } = rule;
  return {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    ...(upstreamRepositoryPrefix === ROOT_PREFIX ? {} : { upstreamRepositoryPrefix }),
    ...accessParameters(rule),
  };
}

/** What a rule authenticates with. */
export type RuleAccess = Pick<PlannedRule, "credentialArn" | "customRoleArn">;

/** The parameters by which a rule authenticates. */
export function accessParameters({
  credentialArn,
  customRoleArn,
}: RuleAccess): Pick<RuleParameters, "credentialArn" | "customRoleArn"> {
  return {
    ...(credentialArn === null ? {} : { credentialArn }),
    ...(customRoleArn === null ? {} : { customRoleArn }),
  };
}

/** What of credential and role is to be another; `null` for what stays. */
export function accessChange(from: RuleAccess, to: RuleAccess): RuleAccess {
  return {
    credentialArn: to.credentialArn === from.credentialArn ? null : to.credentialArn,
    customRoleArn: to.customRoleArn === from.customRoleArn ? null : to.customRoleArn,
  };
}
