import { deleteRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

export type AllowedUpstreamKinds = {
  "upstream-not-allowed": { upstreamRegistry: string; upstreamRegistryUrl: string };
  "upstream-not-recognized": { upstreamRegistryUrl: string };
};

export const allowedUpstreamText: CheckText<AllowedUpstreamKinds> = {
  title: "Allowed upstreams",
  failsWhen: "no `allowedUpstreams` entry allows the rule's upstream",
  kinds: {
    "upstream-not-allowed": {
      title: "Upstream is not allowed",
      message: ({ upstreamRegistry, upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl} (${upstreamRegistry}), which the policy does not allow.`,
      remediation: (_data, ref) =>
        `If the upstream is intended, add it to allowedUpstreams. Otherwise, ${remove(ref)}`,
    },
    "upstream-not-recognized": {
      title: "Upstream is not recognized",
      message: ({ upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl}, which is not a registry that ECR is known to cache.`,
      remediation: (_data, ref) =>
        `Find out who created this rule and why. If nobody needs it, ${remove(ref)}`,
    },
  },
};

/** The command comes last, so that it can be copied unchanged. */
function remove(ref: RuleRef): string {
  return `delete the rule (cached repositories remain): ${deleteRule(ref)}`;
}
