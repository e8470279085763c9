import { advice } from "../../core/advice.ts";
import { createRule, recreateRule } from "../../ecr/commands.ts";
import { matchesAnyPrefix } from "../../ecr/prefix.ts";
import { ROOT_PREFIX, type RuleParts } from "../../ecr/rule.ts";
import { authenticationOf, isKnownUpstream, upstreams } from "../../ecr/upstream.ts";
import type { CheckText } from "../verdict.ts";

/** What a required rule must cache. An empty list does not constrain anything. */
export type RequiredUpstream = {
  readonly registry: string;
  readonly urls: readonly string[];
  readonly upstreamPrefixes: readonly string[];
};

export type RequiredRuleKinds = {
  "rule-missing": { required: RequiredUpstream };
  "rule-may-be-impossible": { required: RequiredUpstream; partition: string };
  "rule-differs": {
    required: RequiredUpstream;
    upstreamRegistryUrl: string;
    upstreamRepositoryPrefix: string;
  };
};

export const requiredRuleText: CheckText<RequiredRuleKinds> = {
  title: "Required rules",
  failsWhen: "a required rule is missing, or differs from what is required",
  kinds: {
    "rule-missing": {
      title: "Required rule is missing",
      message: ({ required }, { prefix }) =>
        `No rule has the prefix ${prefix}; the policy requires one for ${describe(required)}.`,
      remediation: ({ required }, ref) =>
        advice`In account ${ref.account}, create the rule; ECR then pulls repositories under ${ref.prefix} that do not exist yet from the upstream: ${createRule(ref, partsOf(required))}`,
    },
    "rule-may-be-impossible": {
      title: "Required rule is missing where it may not be possible",
      message: ({ required, partition }, { prefix }) =>
        `No rule has the prefix ${prefix}; the policy requires one for ${describe(required)}. The AWS documentation contradicts itself on whether rules can be created in the partition ${partition}.`,
      remediation: ({ required }, ref) =>
        advice`In account ${ref.account}, try to create the rule; if ECR refuses, leave the region out of regions in requiredRules: ${createRule(ref, partsOf(required))}`,
    },
    "rule-differs": {
      title: "Rule differs from the required rule",
      message: ({ required, upstreamRegistryUrl, upstreamRepositoryPrefix }) =>
        `The rule caches ${upstreamRepositoryPrefix === ROOT_PREFIX ? "all" : upstreamRepositoryPrefix} of ${upstreamRegistryUrl}; the policy requires a rule for ${describe(required)}.`,
      remediation: ({ required }, ref) =>
        advice`Repositories keep the images that they cached from the old upstream: delete those that must no longer be served. ${recreateRule(ref, partsOf(required))}`,
    },
  },
};

function describe({ registry, urls, upstreamPrefixes }: RequiredUpstream): string {
  const host = urls.length === 0 ? "" : ` at ${urls.join(" or ")}`;
  const part = upstreamPrefixes.length === 0 ? "" : `, upstream prefix ${upstreamPrefixes.join(" or ")}`;
  return `the upstream ${registry}${host}${part}`;
}

/** The fields of a rule that meets the requirement, with placeholders in capitals for what the policy leaves open. */
function partsOf({ registry, urls, upstreamPrefixes }: RequiredUpstream): RuleParts {
  const authentication = authenticationOf(registry);
  const host = isKnownUpstream(registry) ? upstreams[registry].host : null;
  const takesAll = upstreamPrefixes.length === 0 || matchesAnyPrefix(upstreamPrefixes, ROOT_PREFIX);
  return {
    upstreamRegistryUrl: host ?? plainNameIn(urls) ?? "UPSTREAM_REGISTRY_URL",
    upstreamRepositoryPrefix: takesAll ? ROOT_PREFIX : (plainNameIn(upstreamPrefixes) ?? "UPSTREAM_PREFIX"),
    credentialArn: authentication === "secret" ? "SECRET_ARN" : null,
    customRoleArn: authentication === "role" ? "ROLE_ARN" : null,
  };
}

function plainNameIn(patterns: readonly string[]): string | undefined {
  return patterns.find((pattern) => !/[*?]/.test(pattern));
}
