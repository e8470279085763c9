import { duplicateUpstream } from "../../src/checks/duplicate-upstream/check.ts";
import { duplicateUpstreamText } from "../../src/checks/duplicate-upstream/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import { aPolicy, aRegistryOf } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const hub = { ecrRepositoryPrefix: "hub", createdAt: "2026-01-15T09:00:00.000Z" };
const younger = { ecrRepositoryPrefix: "docker", createdAt: "2026-01-15T09:00:00.001Z" };
const youngest = { ecrRepositoryPrefix: "a-third", createdAt: "2026-11-01T09:00:00.000Z" };

const sameEcr = [
  "444455556666.dkr.ecr.us-east-1.amazonaws.com",
  "444455556666.dkr.ecr-fips.us-east-1.amazonaws.com",
  "444455556666.dkr-ecr.us-east-1.on.aws",
];

function duplicateOf(
  oldestPrefix: string,
  prefix: string,
  {
    upstreamRegistryUrl = "registry-1.docker.io",
    upstreamRepositoryPrefix = "ROOT",
  }: Partial<PullThroughCacheRule> = {},
): Expected {
  return {
    kind: "upstream-cached-already",
    prefix,
    subject: oldestPrefix,
    data: { oldestPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix },
  };
}

testCheck(duplicateUpstream, {
  text: duplicateUpstreamText,
  policy: aPolicy({ prefixes: { duplicateUpstreams: "forbid" } }),
  passes: [
    { name: "a single rule", registry: aRegistryOf(hub) },
    {
      name: "rules for different upstreams",
      registry: aRegistryOf(hub, { ...younger, upstreamRegistryUrl: "quay.io" }),
    },
    {
      name: "rules for different parts of an upstream",
      registry: aRegistryOf(
        { ...hub, upstreamRepositoryPrefix: "library" },
        { ...younger, upstreamRepositoryPrefix: "bitnami" },
        youngest,
      ),
    },
    {
      name: "rules for the registries of an account in two regions",
      registry: aRegistryOf(
        { ...hub, upstreamRegistryUrl: "444455556666.dkr.ecr.us-east-1.amazonaws.com" },
        { ...younger, upstreamRegistryUrl: "444455556666.dkr.ecr.us-west-2.amazonaws.com" },
      ),
    },
    { name: "the oldest of several", registry: aRegistryOf(youngest, hub, younger), evaluating: ["hub"] },
  ],
  fails: [
    {
      name: "a rule that is younger by a millisecond",
      registry: aRegistryOf(hub, younger),
      evaluating: ["docker"],
      says: [duplicateOf("hub", "docker")],
    },
    {
      name: "each rule but the oldest, whatever their order",
      registry: aRegistryOf(youngest, hub, younger),
      evaluating: ["docker", "a-third"],
      says: [duplicateOf("hub", "a-third"), duplicateOf("hub", "docker")],
    },
    {
      name: "of two of the same age the one that comes later in the alphabet",
      registry: aRegistryOf({ ...hub, ecrRepositoryPrefix: "b" }, { ...hub, ecrRepositoryPrefix: "a" }),
      evaluating: ["b"],
      says: [duplicateOf("a", "b")],
    },
    {
      name: "of two of unknown age the one that comes later in the alphabet",
      registry: aRegistryOf(
        { ecrRepositoryPrefix: "b", createdAt: null },
        { ecrRepositoryPrefix: "a", createdAt: null },
      ),
      evaluating: ["b"],
      says: [duplicateOf("a", "b")],
    },
    {
      name: "a rule of unknown age beside one of known age",
      registry: aRegistryOf({ ecrRepositoryPrefix: "a", createdAt: null }, youngest),
      evaluating: ["a"],
      says: [duplicateOf("a-third", "a")],
    },
    {
      name: "another credential for the same upstream",
      registry: aRegistryOf(hub, {
        ...younger,
        credentialArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/b-AbCdEf",
      }),
      evaluating: ["docker"],
      says: [duplicateOf("hub", "docker")],
    },
    {
      name: "another spelling of the host",
      registry: aRegistryOf(hub, { ...younger, upstreamRegistryUrl: "https://Registry-1.docker.io:443/" }),
      evaluating: ["docker"],
      says: [duplicateOf("hub", "docker", { upstreamRegistryUrl: "https://Registry-1.docker.io:443/" })],
    },
    {
      name: "another spelling of the upstream prefix",
      registry: aRegistryOf(
        { ...hub, upstreamRepositoryPrefix: "library" },
        { ...younger, upstreamRepositoryPrefix: "library/" },
      ),
      evaluating: ["docker"],
      says: [duplicateOf("hub", "docker", { upstreamRepositoryPrefix: "library/" })],
    },
    ...sameEcr.slice(1).map((url) => ({
      name: `another URL of the same ECR registry: ${url}`,
      registry: aRegistryOf(
        { ...hub, upstreamRegistryUrl: sameEcr[0] ?? "" },
        { ...younger, upstreamRegistryUrl: url },
      ),
      evaluating: ["docker"],
      says: [duplicateOf("hub", "docker", { upstreamRegistryUrl: url })],
    })),
    {
      name: "an upstream that nobody recognizes",
      registry: aRegistryOf(
        { ...hub, upstreamRegistryUrl: "registry.example" },
        { ...younger, upstreamRegistryUrl: "registry.example" },
      ),
      evaluating: ["docker"],
      says: [duplicateOf("hub", "docker", { upstreamRegistryUrl: "registry.example" })],
    },
  ],
  unknownCases: { never: "a rule always shows what it caches" },
  doesNotApply: [
    {
      name: "duplicates, unless the policy forbids them",
      registry: aRegistryOf(hub, younger),
      policy: aPolicy(),
      evaluating: ["docker"],
      says: [{ kind: "not-demanded", prefix: "docker", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
