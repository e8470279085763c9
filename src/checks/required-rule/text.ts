import { createRule, makeAnew } from "../../ecr/commands.ts";
import { matchesAnyPrefix } from "../../ecr/prefix.ts";
import { ROOT_PREFIX, type RuleParts } from "../../ecr/rule.ts";
import { authenticationOf, isKnownUpstream, upstreams } from "../../ecr/upstream.ts";
import type { CheckText } from "../verdict.ts";

/** What a required rule must cache; an empty list asks for nothing in particular. */
export type RequiredUpstream = {
  readonly registry: string;
  readonly urls: readonly string[];
  readonly upstreamPrefixes: readonly string[];
};

export type RequiredRuleKinds = {
  "rule-missing": { required: RequiredUpstream };
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
        `There is no rule with the prefix ${prefix}; the policy requires one for ${inWords(required)}.`,
      remediation: ({ required }, ref) =>
        `In account ${ref.account} create it; pulls of repositories under ${ref.prefix} that do not exist then go to the upstream: ${createRule(ref, partsOf(required))}`,
    },
    "rule-differs": {
      title: "Rule differs from the one that is required",
      message: ({ required, upstreamRegistryUrl, upstreamRepositoryPrefix }) =>
        `The rule caches ${upstreamRepositoryPrefix === ROOT_PREFIX ? "all" : upstreamRepositoryPrefix} of ${upstreamRegistryUrl}; the policy requires one for ${inWords(required)}.`,
      remediation: ({ required }, ref) =>
        `Repositories keep what they cached from the old upstream: delete images that must not be served any more. ${makeAnew(ref, partsOf(required))}`,
    },
  },
};

function inWords({ registry, urls, upstreamPrefixes }: RequiredUpstream): string {
  const host = urls.length === 0 ? "" : ` at ${urls.join(" or ")}`;
  const part = upstreamPrefixes.length === 0 ? "" : `, of it ${upstreamPrefixes.join(" or ")}`;
  return `${registry}${host}${part}`;
}

/** The parts of a rule that does what is required, with words in capitals for what the policy leaves open. */
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
