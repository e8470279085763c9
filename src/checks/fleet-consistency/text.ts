import { makeAnew } from "../../ecr/commands.ts";
import { ROOT_PREFIX, type RuleParts } from "../../ecr/rule.ts";
import { authenticationOf, recognizeUpstream } from "../../ecr/upstream.ts";
import type { CheckText } from "../verdict.ts";

type Upstream = Pick<RuleParts, "upstreamRegistryUrl" | "upstreamRepositoryPrefix">;

export type FleetConsistencyKinds = {
  "unusual-upstream": {
    upstream: string;
    /** What most registries cache under the prefix, and how one of them names it. */
    usual: Upstream & { upstream: string };
    /** How many registries cache the usual upstream under the prefix. */
    registries: number;
    /** How many have a rule with the prefix. */
    ofRegistries: number;
  };
  "no-usual-upstream": {
    upstream: string;
    commonest: readonly { upstream: string; registries: number }[];
    /** How many different ones there are. */
    upstreams: number;
    ofRegistries: number;
  };
};

export const fleetConsistencyText: CheckText<FleetConsistencyKinds> = {
  title: "Consistency of the fleet",
  failsWhen: "one prefix means different upstreams in different registries",
  kinds: {
    "unusual-upstream": {
      title: "Prefix means another upstream than elsewhere",
      message: ({ upstream, usual, registries, ofRegistries }, { prefix }) =>
        `${prefix} caches ${upstream} here, and ${usual.upstream} in ${registries} of the ${ofRegistries} registries that have it.`,
      remediation: ({ usual }, ref) =>
        `If this registry is meant to be as the others: ${makeAnew(ref, withAccess(usual))}`,
    },
    "no-usual-upstream": {
      title: "Prefix means different upstreams, none of them in most registries",
      message: ({ upstream, commonest, upstreams, ofRegistries }, { prefix }) =>
        `${prefix} caches ${upstream} here, and ${upstreams} different upstreams in the ${ofRegistries} registries that have it; the commonest are ${commonest.map(inWords).join(", ")}.`,
      remediation: (_data, ref) =>
        `Decide which upstream the prefix stands for. Where it is another: ${makeAnew(ref, decidedUpon)}`,
    },
  },
};

/** To be filled in; with its credential or role, where it needs one. */
const decidedUpon: RuleParts = {
  upstreamRegistryUrl: "UPSTREAM_URL",
  upstreamRepositoryPrefix: ROOT_PREFIX,
  credentialArn: null,
  customRoleArn: null,
};

function inWords({
  upstream,
  registries,
}: {
  readonly upstream: string;
  readonly registries: number;
}): string {
  return `${upstream} (${registries})`;
}

/** The upstream with what it authenticates with: people fill in which, as another account's is of no use. */
function withAccess({ upstreamRegistryUrl, upstreamRepositoryPrefix }: Upstream): RuleParts {
  const authentication = authenticationOf(recognizeUpstream(upstreamRegistryUrl));
  return {
    upstreamRegistryUrl,
    upstreamRepositoryPrefix,
    credentialArn: authentication === "secret" ? "SECRET_ARN" : null,
    customRoleArn: authentication === "role" ? "ROLE_ARN" : null,
  };
}
