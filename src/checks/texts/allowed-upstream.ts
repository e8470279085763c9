import type { CheckText } from "../verdict.ts";

export type AllowedUpstreamKinds = {
  "upstream-not-allowed": { upstreamRegistry: string; upstreamRegistryUrl: string };
  "upstream-not-recognized": { upstreamRegistryUrl: string };
};

export const allowedUpstreamText = {
  title: "Allowed upstreams",
  failsWhen: "no `allowedUpstreams` entry allows the rule's upstream",
  kinds: {
    "upstream-not-allowed": {
      title: "Upstream is not allowed",
      message: ({ upstreamRegistry, upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl} (${upstreamRegistry}), which the policy does not allow.`,
      remediation: (_data, place) =>
        `${deleteRule(place)} Or allow the upstream in allowedUpstreams, when it is meant to be used.`,
    },
    "upstream-not-recognized": {
      title: "Upstream is not recognized",
      message: ({ upstreamRegistryUrl }) =>
        `The rule caches ${upstreamRegistryUrl}, which is none of the registries that ECR is known to cache.`,
      remediation: (_data, place) => `Find out who created this rule and why. ${deleteRule(place)}`,
    },
  },
} satisfies CheckText<AllowedUpstreamKinds>;

function deleteRule({ region, prefix }: { readonly region: string; readonly prefix: string | null }): string {
  return `Delete the rule (cached repositories stay): aws ecr delete-pull-through-cache-rule --region ${region} --ecr-repository-prefix ${prefix}.`;
}
