import { makeAnew } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import { ROOT_PREFIX, type RuleParts } from "../../ecr/rule.ts";
import type { CheckText } from "../verdict.ts";

type OutOfScope = RuleParts & { given: string; allowed: readonly string[] };

export type UpstreamScopeKinds = {
  "account-not-allowed": OutOfScope;
  "region-not-allowed": OutOfScope;
  "upstream-prefix-not-allowed": OutOfScope;
};

export const upstreamScopeText: CheckText<UpstreamScopeKinds> = {
  title: "Upstream scope",
  failsWhen: "the upstream account, region or repository prefix is wider than allowed",
  kinds: {
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
    "upstream-prefix-not-allowed": {
      title: "Rule caches more of its upstream than is allowed",
      message: ({ upstreamRegistryUrl, given, allowed }) =>
        `The rule caches ${given === ROOT_PREFIX ? "everything" : `everything under ${given}`} of ${upstreamRegistryUrl}; the policy allows ${allowed.join(" or ")}.`,
      remediation: cacheLess,
    },
  },
};

const allowIt = "Allow it in allowedUpstreams, when it is meant to be cached. Otherwise:";

function cacheFromElsewhere(parts: OutOfScope, ref: RuleRef): string {
  return `${allowIt} ${makeAnew(ref, { ...parts, upstreamRegistryUrl: "UPSTREAM_REGISTRY_URL" })}`;
}

/** A rule with the prefix `ROOT` can have no upstream prefix: its successor gets a prefix of its own. */
function cacheLess(parts: OutOfScope, ref: RuleRef): string {
  const successor = { ...ref, prefix: ref.prefix === ROOT_PREFIX ? "PREFIX" : ref.prefix };
  const narrower = { ...parts, upstreamRepositoryPrefix: "UPSTREAM_PREFIX" };
  return `${allowIt} The upstream's UPSTREAM_PREFIX/app will be pulled as ${successor.prefix}/app. ${makeAnew(ref, narrower, successor)}`;
}
