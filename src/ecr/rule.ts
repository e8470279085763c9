import * as z from "zod";
import { keysOf, makeRecord } from "../core/records.ts";

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

/**
 * What a rule is made of, by the parameters of CreatePullThroughCacheRule: what people call each, and whether
 * UpdatePullThroughCacheRule changes it. All else of a rule is changed by deleting and creating it.
 *
 * Source: Amazon ECR API reference, CreatePullThroughCacheRule and UpdatePullThroughCacheRule, November 2026.
 */
export const ruleFields = {
  ecrRepositoryPrefix: { label: "prefix", canUpdate: false },
  upstreamRegistryUrl: { label: "upstream", canUpdate: false },
  upstreamRepositoryPrefix: { label: "upstream prefix", canUpdate: false },
  credentialArn: { label: "credential", canUpdate: true },
  customRoleArn: { label: "role", canUpdate: true },
} as const satisfies Partial<
  Record<keyof PullThroughCacheRule, { readonly label: string; readonly canUpdate: boolean }>
>;

/** A parameter that makes up a rule. */
export type RuleField = keyof typeof ruleFields;

/** The parameters that make up a rule. */
export const ruleFieldNames = keysOf(ruleFields);

/** The schema of {@link PlannedRule}. */
export const plannedRuleSchema = ruleSchema.pick({
  ecrRepositoryPrefix: true,
  upstreamRegistryUrl: true,
  upstreamRepositoryPrefix: true,
  credentialArn: true,
  customRoleArn: true,
} satisfies Record<RuleField, true>);

/** What a rule is made of, as it is or as it is to be. */
export type PlannedRule = Readonly<z.infer<typeof plannedRuleSchema>>;

/** What a rule is made of, without what AWS adds to it. */
export function plannedRuleOf(rule: PlannedRule): PlannedRule {
  return makeRecord<PlannedRule>(ruleFieldNames, (field) => rule[field]);
}

/** What a rule is made of besides its prefix. */
export type RuleParts = Omit<PlannedRule, "ecrRepositoryPrefix">;

/** What `rule` is made of besides its prefix. */
export function partsOf(rule: PlannedRule): RuleParts {
  const { ecrRepositoryPrefix: _, ...parts } = plannedRuleOf(rule);
  return parts;
}

/** The parameters by which a rule is created, by the API's names; what it lacks is left out. */
export type RuleParameters = Pick<PlannedRule, "ecrRepositoryPrefix" | "upstreamRegistryUrl"> & {
  readonly [Field in Exclude<RuleField, "ecrRepositoryPrefix" | "upstreamRegistryUrl">]?: string;
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

/** What a rule authenticates with: all that UpdatePullThroughCacheRule can change. */
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

/** How a template or a command line spells a parameter: `credential_arn`, `credential-arn` or `CredentialArn`. */
export function spelled(parameter: string, spelling: "_" | "-" | "Aa"): string {
  if (spelling === "Aa") return `${parameter.slice(0, 1).toUpperCase()}${parameter.slice(1)}`;
  return parameter.replaceAll(/[A-Z]/g, (letter) => `${spelling}${letter.toLowerCase()}`);
}
