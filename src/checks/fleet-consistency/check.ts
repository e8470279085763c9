import { compareValues } from "../../core/order.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { registryKey } from "../../ecr/registry.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../../ecr/rule.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import { defineFleetCheck } from "../define-check.ts";
import { type FleetRule, type FleetVerdict, pass, type Verdict } from "../verdict.ts";
import { fleetConsistencyRemediation } from "./remediation.ts";
import { type FleetConsistencyKinds, fleetConsistencyText } from "./text.ts";

/** Fails if a prefix maps to a different upstream than in most registries, and everywhere if there is no majority. */
export const fleetConsistency = defineFleetCheck({
  id: "fleet-consistency",
  severity: "low",
  text: fleetConsistencyText,
  remediation: fleetConsistencyRemediation,
  predictable: false,
  evaluate: (rules) =>
    Map.groupBy(rules, ({ rule }) => withoutSlash(rule.ecrRepositoryPrefix))
      .values()
      .flatMap(evaluateNamesakes)
      .toArray(),
});

/** An upstream that a prefix maps to in some registries. */
type Meaning = {
  readonly upstream: string;
  /** The number of these registries. */
  readonly registries: number;
  readonly example: PullThroughCacheRule;
};

/** The maximum number of upstreams to list for a prefix: in a large fleet, there may be one for each registry. */
const MOST_LISTED = 3;

/** Evaluates the rules of all registries that have the same prefix. Returns those that do not pass. */
function evaluateNamesakes(rules: readonly FleetRule[]): readonly FleetVerdict<FleetConsistencyKinds>[] {
  const byUpstream = Map.groupBy(rules, ({ rule }) => upstreamOf(rule));
  const meanings = meaningsOf(byUpstream);
  const ofRegistries = countRegistries(rules);
  const usual = meanings.find(({ registries }) => registries * 2 > ofRegistries);
  return [...byUpstream].flatMap(([upstream, group]) => {
    const verdict =
      usual === undefined
        ? withoutMajority(upstream, meanings, ofRegistries)
        : comparedWithUsual(upstream, usual, ofRegistries);
    return verdict === pass ? [] : group.map((of) => ({ of, verdict }));
  });
}

function withoutMajority(
  upstream: string,
  meanings: readonly Meaning[],
  ofRegistries: number,
): Verdict<FleetConsistencyKinds> {
  const commonest = meanings.slice(0, MOST_LISTED).map(({ example: _, ...meaning }) => meaning);
  const data = { upstream, commonest, upstreams: meanings.length, ofRegistries };
  return { status: "FAIL", kind: "no-usual-upstream", data };
}

function comparedWithUsual(
  upstream: string,
  usual: Meaning,
  ofRegistries: number,
): Verdict<FleetConsistencyKinds> {
  if (upstream === usual.upstream) return pass;
  const { upstreamRegistryUrl, upstreamRepositoryPrefix } = usual.example;
  const data = {
    upstream,
    usual: { upstream: usual.upstream, upstreamRegistryUrl, upstreamRepositoryPrefix },
    registries: usual.registries,
    ofRegistries,
  };
  return { status: "FAIL", kind: "unusual-upstream", data };
}

/** The upstreams that a prefix maps to, most common first. Does not depend on the order of the rules. */
function meaningsOf(byUpstream: ReadonlyMap<string, readonly FleetRule[]>): readonly Meaning[] {
  return Array.from(byUpstream, ([upstream, group]) => {
    const example = group.map(({ rule }) => rule).reduce((a, b) => (bySpelling(b, a) < 0 ? b : a));
    return { upstream, registries: countRegistries(group), example };
  }).toSorted((a, b) => b.registries - a.registries || compareValues(a.upstream, b.upstream));
}

/**
 * The normalized upstream of a rule. The region of ECR upstreams is replaced by `*`, because a registry is often
 * cached from a nearby replica.
 */
function upstreamOf({ upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule): string {
  const ecr = parseEcrUrl(upstreamRegistryUrl);
  const host = ecr === null ? upstreamHost(upstreamRegistryUrl) : `${ecr.account}.dkr.ecr.*`;
  const prefix = withoutSlash(upstreamRepositoryPrefix);
  return prefix === ROOT_PREFIX ? host : `${host}/${prefix}`;
}

function countRegistries(rules: readonly FleetRule[]): number {
  return new Set(rules.map(({ target }) => registryKey(target))).size;
}

function bySpelling(a: PullThroughCacheRule, b: PullThroughCacheRule): number {
  return (
    compareValues(a.upstreamRegistryUrl, b.upstreamRegistryUrl) ||
    compareValues(a.upstreamRepositoryPrefix, b.upstreamRepositoryPrefix)
  );
}
