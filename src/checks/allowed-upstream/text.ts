import { type Advice, advice } from "../../core/advice.ts";
import { deleteRule, recreateRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { RuleParts } from "../../ecr/rule.ts";
import type { CheckText } from "../verdict.ts";

type ElsewhereInEcr = RuleParts & { given: string; allowed: readonly string[] };

export type AllowedUpstreamKinds = {
  "upstream-not-allowed": { upstreamRegistry: string; upstreamRegistryUrl: string };
  "upstream-not-recognized": { upstreamRegistryUrl: string };
  "upstream-in-another-partition": { upstreamRegistryUrl: string; partition: string; ownPartition: string };
  "account-not-allowed": ElsewhereInEcr;
  "region-not-allowed": ElsewhereInEcr;
};

export const allowedUpstreamText: CheckText<AllowedUpstreamKinds> = {
  title: "Allowed upstreams",
  failsWhen:
    "no `allowedUpstreams` entry allows the rule's upstream, or the account and region of an ECR upstream",
  kinds: {
    "upstream-not-allowed": {
      title: "Upstream is not allowed",
      message: ({ upstreamRegistry, upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl} (${upstreamRegistry}), which the policy does not allow.`,
      remediation: (_data, ref) =>
        advice`If the upstream is intended, add it to allowedUpstreams. Otherwise, ${remove(ref)}`,
    },
    "upstream-not-recognized": {
      title: "Upstream is not recognized",
      message: ({ upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl}, which is not a registry that ECR is known to cache.`,
      remediation: (_data, ref) =>
        advice`Find out who created this rule and why. If nobody needs it, ${remove(ref)}`,
    },
    "upstream-in-another-partition": {
      title: "Upstream is in another partition",
      message: ({ upstreamRegistryUrl, partition, ownPartition }) =>
        `The rule caches ${upstreamRegistryUrl} in the partition ${partition}, but ECR caches other ECR registries only within its own partition, ${ownPartition}. The rule cannot work.`,
      remediation: (_data, ref) =>
        advice`Cache from an ECR registry of this registry's own partition, and ${remove(ref)}`,
    },
    "account-not-allowed": {
      title: "Upstream account is not allowed",
      message: ({ upstreamRegistryUrl, given, allowed }) =>
        `The rule caches from account ${given} (${upstreamRegistryUrl}); the policy allows ${allowed.join(" or ")}.`,
      remediation: cacheFromElsewhere,
    },
    "region-not-allowed": {
      title: "Upstream region is not allowed",
      message: ({ upstreamRegistryUrl, given, allowed }) =>
        `The rule caches from the region ${given} (${upstreamRegistryUrl}); the policy allows ${allowed.join(" or ")}.`,
      remediation: cacheFromElsewhere,
    },
  },
};

/** The command comes last, so that it can be copied unchanged. */
function remove(ref: RuleRef): Advice {
  return advice`delete the rule in account ${ref.account} (cached repositories remain): ${deleteRule(ref)}`;
}

function cacheFromElsewhere(parts: ElsewhereInEcr, ref: RuleRef): Advice {
  return advice`If this is intended, allow it in allowedUpstreams. Otherwise, recreate the rule. ${recreateRule(ref, { ...parts, upstreamRegistryUrl: "UPSTREAM_REGISTRY_URL" })}`;
}
