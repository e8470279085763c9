import * as z from "zod";
import { keysOf, makeRecord } from "../core/records.ts";

/** The prefix of the rule that matches all repositories that no other rule matches. */
export const ROOT_PREFIX = "ROOT";

/**
 * The maximum number of rules in a registry. AWS does not increase this quota (Amazon ECR user guide, "Amazon ECR
 * service quotas", November 2026).
 */
export const RULE_QUOTA = 50;

/** The schema of {@link PullThroughCacheRule}. */
export const ruleSchema = z.strictObject({
  ecrRepositoryPrefix: z.string(),
  upstreamRegistryUrl: z.string(),
  upstreamRegistry: z
    .string()
    .nullable()
    .describe("The registry recognized from the URL, or as named by AWS; null if it is unknown."),
  upstreamRepositoryPrefix: z.string(),
  credentialArn: z.string().nullable(),
  customRoleArn: z.string().nullable(),
  createdAt: z.string().nullable(),
  updatedAt: z.string().nullable(),
});

/**
 * A pull through cache rule. The fields are named as in the ECR API (`PullThroughCacheRule`, API version 2015-09-21,
 * read November 2026). `upstreamRepositoryPrefix` is `ROOT` if the API omits it. Times are in ISO 8601.
 */
export type PullThroughCacheRule = Readonly<z.infer<typeof ruleSchema>>;

/** The keys of a rule. */
export const ruleKeys = ruleSchema.keyof().options;

/**
 * The fields of a rule, named as the parameters of CreatePullThroughCacheRule, with their labels in reports and whether
 * UpdatePullThroughCacheRule can change them. Other fields can only be changed by deleting and recreating the rule.
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

/** A field of a rule. */
export type RuleField = keyof typeof ruleFields;

/** The names of the fields of a rule. */
export const ruleFieldNames = keysOf(ruleFields);

/** The schema of {@link PlannedRule}. */
export const plannedRuleSchema = ruleSchema.pick({
  ecrRepositoryPrefix: true,
  upstreamRegistryUrl: true,
  upstreamRepositoryPrefix: true,
  credentialArn: true,
  customRoleArn: true,
} satisfies Record<RuleField, true>);

/** The fields of an existing or planned rule, without the values that AWS adds. */
export type PlannedRule = Readonly<z.infer<typeof plannedRuleSchema>>;

/** Removes the values that AWS adds to a rule. */
export function plannedRuleOf(rule: PlannedRule): PlannedRule {
  return makeRecord<PlannedRule>(ruleFieldNames, (field) => rule[field]);
}

/** The fields of a rule except its prefix. */
export type RuleParts = Omit<PlannedRule, "ecrRepositoryPrefix">;

/** The fields of `rule` except its prefix. */
export function partsOf(rule: PlannedRule): RuleParts {
  const { ecrRepositoryPrefix: _, ...parts } = plannedRuleOf(rule);
  return parts;
}

/** The parameters of CreatePullThroughCacheRule. Values that the rule does not have are omitted. */
export type RuleParameters = Pick<PlannedRule, "ecrRepositoryPrefix" | "upstreamRegistryUrl"> & {
  readonly [Field in Exclude<RuleField, "ecrRepositoryPrefix" | "upstreamRegistryUrl">]?: string;
};

/** The parameters with which to create a rule. The upstream prefix is omitted if the rule caches the whole upstream. */
export function parametersOf(rule: PlannedRule): RuleParameters {
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix } = rule;
  return {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    ...(upstreamRepositoryPrefix === ROOT_PREFIX ? {} : { upstreamRepositoryPrefix }),
    ...accessParameters(rule),
  };
}

/** The credential and role of a rule. UpdatePullThroughCacheRule can change only these. */
export type RuleAccess = Pick<PlannedRule, "credentialArn" | "customRoleArn">;

/** The parameters for the credential and role of a rule. */
export function accessParameters({
  credentialArn,
  customRoleArn,
}: RuleAccess): Pick<RuleParameters, "credentialArn" | "customRoleArn"> {
  return {
    ...(credentialArn === null ? {} : { credentialArn }),
    ...(customRoleArn === null ? {} : { customRoleArn }),
  };
}

/** The new credential and role; `null` for values that do not change. */
export function accessChange(from: RuleAccess, to: RuleAccess): RuleAccess {
  return {
    credentialArn: to.credentialArn === from.credentialArn ? null : to.credentialArn,
    customRoleArn: to.customRoleArn === from.customRoleArn ? null : to.customRoleArn,
  };
}

/** A parameter name as templates or the AWS CLI spell it: `credential_arn`, `credential-arn` or `CredentialArn`. */
export function spelled(parameter: string, spelling: "_" | "-" | "Aa"): string {
  if (spelling === "Aa") return `${parameter.slice(0, 1).toUpperCase()}${parameter.slice(1)}`;
  return parameter.replaceAll(/[A-Z]/g, (letter) => `${spelling}${letter.toLowerCase()}`);
}
