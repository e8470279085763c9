import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetConsistency } from "../../src/checks/fleet-consistency/check.ts";
import { fleetConsistencyText } from "../../src/checks/fleet-consistency/text.ts";
import type { FleetRule } from "../../src/checks/verdict.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aRegistryOf, aRule, aTarget } from "../support/builders.ts";
import { testFleetCheck } from "../support/fleet-check-tester.ts";

const HUB = "registry-1.docker.io";
const QUAY = "quay.io";
const GITHUB = "ghcr.io";

type Rules = readonly Partial<PullThroughCacheRule>[];

/** The registry in `region` with a rule for each of `rules`. */
function registryIn(region: string, ...rules: Rules): RegistrySnapshot {
  return { ...aRegistryOf(...rules), target: aTarget({ region }) };
}

/** A registry for each of `rules`, in a region of its own. */
function fleetOf(...rules: Rules): readonly RegistrySnapshot[] {
  return rules.map((rule, index) => registryIn(`eu-west-${index + 1}`, rule));
}

const caching = (...urls: readonly string[]) =>
  fleetOf(...urls.map((upstreamRegistryUrl) => ({ upstreamRegistryUrl })));

const ecrOf = (account: string, region: string) => `${account}.dkr.ecr.${region}.amazonaws.com`;

/** What is said of the rule in the nth registry, whose upstream is not the usual one. */
function unusual(nth: number, data: Record<string, unknown>, prefix = "docker-hub") {
  const usual = { upstream: HUB, upstreamRegistryUrl: HUB, upstreamRepositoryPrefix: "ROOT" };
  return {
    kind: "unusual-upstream",
    region: `eu-west-${nth}`,
    prefix,
    data: { upstream: QUAY, usual, registries: 2, ofRegistries: 3, ...data },
  };
}

/** What is said of each of `upstreams`, one in a registry, as none of them is the usual one. */
function noneUsual(
  upstreams: readonly string[],
  commonest: readonly (readonly [string, number])[],
  different: number,
) {
  return upstreams.map((upstream, index) => ({
    kind: "no-usual-upstream",
    region: `eu-west-${index + 1}`,
    prefix: "docker-hub",
    data: {
      upstream,
      commonest: commonest.map(([name, registries]) => ({ upstream: name, registries })),
      upstreams: different,
      ofRegistries: upstreams.length,
    },
  }));
}

testFleetCheck(fleetConsistency, {
  text: fleetConsistencyText,
  passes: [
    { name: "a single registry", registries: caching(HUB) },
    { name: "the same upstream everywhere", registries: caching(HUB, HUB, HUB) },
    {
      name: "other spellings of the same",
      registries: caching(HUB, `https://${HUB}`, `${HUB.toUpperCase()}:443`),
    },
    {
      name: "different prefixes with different upstreams",
      registries: fleetOf({}, { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: QUAY }),
    },
    {
      name: "different prefixes in one registry",
      registries: [registryIn("eu-west-1", {}, { ecrRepositoryPrefix: "hub/", upstreamRegistryUrl: QUAY })],
    },
    {
      name: "replicas of the same ECR registry",
      registries: caching(ecrOf("444455556666", "eu-west-1"), ecrOf("444455556666", "us-east-1")),
    },
    {
      name: "a slash at the end of the upstream prefix",
      registries: fleetOf({ upstreamRepositoryPrefix: "library" }, { upstreamRepositoryPrefix: "library/" }),
    },
    {
      name: "other credentials",
      registries: fleetOf({ credentialArn: null }, {}),
    },
  ],
  fails: [
    {
      name: "another upstream than in two of three registries",
      registries: caching(HUB, QUAY, HUB),
      says: [unusual(2, {})],
    },
    {
      name: "several others than the usual one, each on its own",
      registries: caching(QUAY, HUB, HUB, HUB, GITHUB),
      says: [
        unusual(1, { registries: 3, ofRegistries: 5 }),
        unusual(5, { upstream: GITHUB, registries: 3, ofRegistries: 5 }),
      ],
    },
    {
      name: "the same prefix with a slash at its end",
      registries: fleetOf({}, {}, { ecrRepositoryPrefix: "docker-hub/", upstreamRegistryUrl: QUAY }),
      says: [unusual(3, {}, "docker-hub/")],
    },
    {
      name: "another upstream prefix",
      registries: fleetOf({}, { upstreamRepositoryPrefix: "library" }, {}),
      says: [unusual(2, { upstream: `${HUB}/library` })],
    },
    {
      name: "another ECR account, whose usual replica is named by its first URL",
      registries: caching(
        ecrOf("444455556666", "us-east-1"),
        ecrOf("444455556666", "eu-west-1"),
        ecrOf("777788889999", "eu-west-1"),
      ),
      says: [
        unusual(3, {
          upstream: "777788889999.dkr.ecr.*",
          usual: {
            upstream: "444455556666.dkr.ecr.*",
            upstreamRegistryUrl: ecrOf("444455556666", "eu-west-1"),
            upstreamRepositoryPrefix: "ROOT",
          },
        }),
      ],
    },
    ...[
      ["library", "library/"],
      ["library/", "library"],
    ].map((spellings) => ({
      name: `another upstream than the usual one, spelled ${spellings.join(" and then ")}`,
      registries: fleetOf(...spellings.map((upstreamRepositoryPrefix) => ({ upstreamRepositoryPrefix })), {
        upstreamRegistryUrl: QUAY,
      }),
      says: [
        unusual(3, {
          usual: {
            upstream: `${HUB}/library`,
            upstreamRegistryUrl: HUB,
            upstreamRepositoryPrefix: "library",
          },
        }),
      ],
    })),
    {
      name: "other accounts as well as other regions",
      registries: [
        ...caching(HUB, HUB),
        { ...aRegistryOf({ upstreamRegistryUrl: QUAY }), target: aTarget({ account: "444455556666" }) },
      ],
      says: [{ ...unusual(1, {}), account: "444455556666" }],
    },
    {
      name: "two upstreams in as many registries",
      registries: caching(QUAY, HUB),
      says: noneUsual(
        [QUAY, HUB],
        [
          [QUAY, 1],
          [HUB, 1],
        ],
        2,
      ),
    },
    {
      name: "a commonest upstream in no more than half of the registries",
      registries: caching(GITHUB, HUB, HUB, QUAY),
      says: noneUsual(
        [GITHUB, HUB, HUB, QUAY],
        [
          [HUB, 2],
          [GITHUB, 1],
          [QUAY, 1],
        ],
        3,
      ),
    },
    {
      name: "so many upstreams that not all are listed",
      registries: caching("d.azurecr.io", "c.azurecr.io", "b.azurecr.io", "a.azurecr.io"),
      says: noneUsual(
        ["d.azurecr.io", "c.azurecr.io", "b.azurecr.io", "a.azurecr.io"],
        [
          ["a.azurecr.io", 1],
          ["b.azurecr.io", 1],
          ["c.azurecr.io", 1],
        ],
        4,
      ),
    },
  ],
  unknownCases: { never: "a rule always shows its upstream" },
  doesNotApply: [
    {
      name: "registries without rules",
      registries: [registryIn("eu-west-1"), registryIn("eu-west-2")],
      says: "nothing",
    },
  ],
});

describe("fleetConsistency", () => {
  const rules = fc.array(
    fc.record({
      region: fc.constantFrom("eu-west-1", "eu-west-2", "us-east-1", "us-east-2"),
      prefix: fc.constantFrom("a", "b"),
      url: fc.constantFrom(HUB, QUAY, ecrOf("444455556666", "eu-west-1"), ecrOf("444455556666", "us-east-1")),
    }),
    { maxLength: 8 },
  );

  it("says the same of each rule, in whatever order the registries come", () => {
    fc.assert(
      fc.property(
        rules.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(saidOf(shuffled)).toEqual(saidOf(list));
        },
      ),
    );
  });

  type Spec = { readonly region: string; readonly prefix: string; readonly url: string };

  function saidOf(specs: readonly Spec[]): readonly string[] {
    const rules = specs.map(ruleOf);
    const evaluationsOf = fleetConsistency.evaluate(rules);
    return rules
      .flatMap(({ target, rule }) =>
        evaluationsOf(target, [rule]).map(({ prefix, kind, data }) =>
          JSON.stringify([target.region, prefix, kind, data]),
        ),
      )
      .toSorted();
  }

  function ruleOf({ region, prefix, url }: Spec): FleetRule {
    const rule = aRule({ ecrRepositoryPrefix: prefix, upstreamRegistryUrl: url });
    return { target: aTarget({ region }), rule };
  }
});
