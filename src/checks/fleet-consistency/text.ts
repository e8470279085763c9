import { advice } from "../../core/advice.ts";
import { recreateRule } from "../../ecr/commands.ts";
import { ROOT_PREFIX, type RuleParts } from "../../ecr/rule.ts";
import { authenticationOf, recognizeUpstream } from "../../ecr/upstream.ts";
import type { CheckText } from "../verdict.ts";

type Upstream = Pick<RuleParts, "upstreamRegistryUrl" | "upstreamRepositoryPrefix">;

export type FleetConsistencyKinds = {
  "unusual-upstream": {
    upstream: string;
    /** The upstream that most registries cache under the prefix, and its URL and prefix in one of them. */
    usual: Upstream & { upstream: string };
    /** How many registries cache the usual upstream under the prefix. */
    registries: number;
    /** How many registries have a rule with the prefix. */
    ofRegistries: number;
  };
  "no-usual-upstream": {
    upstream: string;
    commonest: readonly { upstream: string; registries: number }[];
    /** How many different upstreams the prefix maps to. */
    upstreams: number;
    ofRegistries: number;
  };
};

export const fleetConsistencyText: CheckText<FleetConsistencyKinds> = {
  title: "Fleet consistency",
  failsWhen: "one prefix maps to different upstreams in different registries",
  kinds: {
    "unusual-upstream": {
      title: "Prefix maps to a different upstream than in most registries",
      message: ({ upstream, usual, registries, ofRegistries }, { prefix }) =>
        `${prefix} caches ${upstream} here, but ${usual.upstream} in ${registries} of the ${ofRegistries} registries that have this prefix.`,
      remediation: ({ usual }, ref) =>
        advice`If this registry should match the others, recreate the rule. ${recreateRule(ref, withAccess(usual))}`,
    },
    "no-usual-upstream": {
      causes: [{ kind: "prefix", by: "prefix", within: "fleet" }],
      title: "Prefix maps to different upstreams, and none has a majority",
      message: ({ upstream, commonest, upstreams, ofRegistries }, { prefix }) =>
        `${prefix} caches ${upstream} here; the ${ofRegistries} registries that have this prefix cache ${upstreams} different upstreams under it. The most common are ${commonest.map(withCount).join(", ")}.`,
      remediation: (_data, ref) =>
        advice`Decide which upstream the prefix should map to. Where a rule caches a different one, recreate it. ${recreateRule(ref, chosenUpstream)}`,
    },
  },
};

/** Placeholders for the reader to fill in, with a credential or role if the upstream needs one. */
const chosenUpstream: RuleParts = {
  upstreamRegistryUrl: "UPSTREAM_URL",
  upstreamRepositoryPrefix: ROOT_PREFIX,
  credentialArn: null,
  customRoleArn: null,
};

function withCount({
  upstream,
  registries,
}: {
  readonly upstream: string;
  readonly registries: number;
}): string {
  return `${upstream} (${registries})`;
}

/** The upstream with a placeholder for its credential or role: one from another account could not be used. */
function withAccess({ upstreamRegistryUrl, upstreamRepositoryPrefix }: Upstream): RuleParts {
  const authentication = authenticationOf(recognizeUpstream(upstreamRegistryUrl));
  return {
    upstreamRegistryUrl,
    upstreamRepositoryPrefix,
    credentialArn: authentication === "secret" ? "SECRET_ARN" : null,
    customRoleArn: authentication === "role" ? "ROLE_ARN" : null,
  };
}
