import { type Advice, advice } from "../../core/advice.ts";
import { recreateRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import { ROOT_PREFIX, type RuleParts } from "../../ecr/rule.ts";
import type { CheckText } from "../verdict.ts";

type OutOfScope = RuleParts & { given: string; allowed: readonly string[] };

export type UpstreamScopeKinds = {
  "upstream-prefix-not-allowed": OutOfScope;
};

export const upstreamScopeText: CheckText<UpstreamScopeKinds> = {
  title: "Upstream scope",
  failsWhen: "the rule caches more repositories of its upstream than the policy allows",
  kinds: {
    "upstream-prefix-not-allowed": {
      title: "Rule caches more of its upstream than the policy allows",
      message: ({ upstreamRegistryUrl, given, allowed }) =>
        `The rule caches all repositories${given === ROOT_PREFIX ? "" : ` under ${given}`} of ${upstreamRegistryUrl}; the policy allows ${allowed.join(" or ")}.`,
      remediation: cacheLess,
    },
  },
};

const allowIt = "If this is intended, allow it in allowedUpstreams. Otherwise, recreate the rule.";

/** A rule with the prefix `ROOT` cannot have an upstream prefix, so its successor gets a different prefix. */
function cacheLess(parts: OutOfScope, ref: RuleRef): Advice {
  const successor = { ...ref, prefix: ref.prefix === ROOT_PREFIX ? "PREFIX" : ref.prefix };
  const narrower = { ...parts, upstreamRepositoryPrefix: "UPSTREAM_PREFIX" };
  return advice`${allowIt} Clients then pull the upstream's UPSTREAM_PREFIX/app as ${successor.prefix}/app. ${recreateRule(ref, narrower, successor)}`;
}
