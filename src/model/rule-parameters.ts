import type { PlannedRule } from "./remedy-plan.ts";
import { ROOT_PREFIX } from "./rule.ts";

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
