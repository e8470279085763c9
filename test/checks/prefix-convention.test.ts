import { prefixConvention } from "../../src/checks/prefix-convention/check.ts";
import { prefixConventionText } from "../../src/checks/prefix-convention/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aPolicy, aRegistryOf, type PolicyFile } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const KEBAB = "[a-z0-9]+(-[a-z0-9]+)*";
const kebab = aPolicy({ prefixes: { pattern: KEBAB } });
const tenAtMost = aPolicy({ prefixes: { maxLength: 10 } });
const dockerHubOnly = allowing({ registry: "docker-hub", prefixes: ["docker-hub"] });

function allowing(...allowedUpstreams: PolicyFile["allowedUpstreams"]) {
  return aPolicy({ allowedUpstreams });
}

function prefixed(
  ecrRepositoryPrefix: string,
  overrides: Partial<PullThroughCacheRule> = {},
): RegistrySnapshot {
  return aRegistryOf({ ecrRepositoryPrefix, ...overrides });
}

function breaksPattern(prefix: string, pattern = KEBAB): Expected {
  return { kind: "prefix-pattern", prefix, subject: "pattern", data: { pattern } };
}

function tooLong(prefix: string, length: number): Expected {
  return { kind: "prefix-length", prefix, subject: "length", data: { length, maxLength: 10 } };
}

function notOfUpstream(prefix: string, ...allowed: readonly string[]): Expected {
  const data = { upstreamRegistry: "docker-hub", allowed };
  return { kind: "prefix-of-upstream", prefix, subject: "upstream", data };
}

testCheck(prefixConvention, {
  text: prefixConventionText,
  passes: [
    { name: "any prefix, where the policy asks for nothing", registry: prefixed("any_thing.goes/here/") },
    { name: "a prefix that matches the pattern", registry: prefixed("docker-hub"), policy: kebab },
    {
      name: "the same with a slash at the end, which is no part of it",
      registry: prefixed("docker-hub/"),
      policy: kebab,
    },
    { name: "a prefix of the greatest length", registry: prefixed("docker-hub"), policy: tenAtMost },
    {
      name: "the same with a slash at the end, which does not count",
      registry: prefixed("docker-hub/"),
      policy: tenAtMost,
    },
    { name: "the prefix of its upstream", registry: prefixed("docker-hub"), policy: dockerHubOnly },
    { name: "the same with a slash at the end", registry: prefixed("docker-hub/"), policy: dockerHubOnly },
    {
      name: "the same with a slash at the end in the policy",
      registry: prefixed("docker-hub"),
      policy: allowing({ registry: "docker-hub", prefixes: ["docker-hub/"] }),
    },
    {
      name: "a prefix that a wildcard names",
      registry: prefixed("hub-of-team-a"),
      policy: allowing({ registry: "docker-hub", prefixes: ["hub-of-*"] }),
    },
    {
      name: "a prefix of the second entry for the registry",
      registry: prefixed("hub"),
      policy: allowing(
        { registry: "docker-hub", prefixes: ["docker-hub"] },
        { registry: "docker-hub", prefixes: ["hub"] },
      ),
    },
    {
      name: "any prefix, where one of the registry's entries names none",
      registry: prefixed("hub"),
      policy: allowing({ registry: "docker-hub", prefixes: ["docker-hub"] }, { registry: "docker-hub" }),
    },
    {
      name: "any prefix of an upstream that is not allowed, which allowed-upstream reports",
      registry: prefixed("hub"),
      policy: allowing({ registry: "quay", prefixes: ["quay"] }),
    },
    {
      name: "any prefix of an upstream that nobody recognizes, which allowed-upstream reports",
      registry: prefixed("hub", { upstreamRegistryUrl: "registry-1.docker.io.evil.com" }),
      policy: dockerHubOnly,
    },
  ],
  fails: [
    ...["docker_hub", "docker/library", "xdocker--hub", "docker-hub-"].map((prefix) => ({
      name: `a prefix that does not match the pattern: ${prefix}`,
      registry: prefixed(prefix),
      policy: kebab,
      says: [breaksPattern(prefix)],
    })),
    {
      name: "a prefix of which the pattern matches only a part",
      registry: prefixed("docker-hub"),
      policy: aPolicy({ prefixes: { pattern: "docker|hub" } }),
      says: [breaksPattern("docker-hub", "docker|hub")],
    },
    {
      name: "a prefix that is one character too long",
      registry: prefixed("docker-hub2"),
      policy: tenAtMost,
      says: [tooLong("docker-hub2", 11)],
    },
    {
      name: "the prefix of another upstream",
      registry: prefixed("quay"),
      policy: dockerHubOnly,
      says: [notOfUpstream("quay", "docker-hub")],
    },
    {
      name: "a prefix that only begins like its upstream's",
      registry: prefixed("docker-hub/library"),
      policy: dockerHubOnly,
      says: [notOfUpstream("docker-hub/library", "docker-hub")],
    },
    {
      name: "a prefix that none of the registry's entries names",
      registry: prefixed("quay"),
      policy: allowing(
        { registry: "docker-hub", prefixes: ["docker-hub"] },
        { registry: "docker-hub", prefixes: ["hub", "hub-*"] },
        { registry: "quay", prefixes: ["quay"] },
      ),
      says: [notOfUpstream("quay", "docker-hub", "hub", "hub-*")],
    },
    {
      name: "a prefix that breaks everything at once",
      registry: prefixed("docker_hub/library"),
      policy: aPolicy({
        prefixes: { pattern: KEBAB, maxLength: 10 },
        allowedUpstreams: [{ registry: "docker-hub", prefixes: ["docker-hub"] }],
      }),
      says: [
        breaksPattern("docker_hub/library"),
        tooLong("docker_hub/library", 18),
        notOfUpstream("docker_hub/library", "docker-hub"),
      ],
    },
  ],
  unknownCases: { never: "a rule always shows its prefix" },
  doesNotApply: [
    {
      name: "ROOT, which is not a name and which root-prefix evaluates",
      registry: prefixed("ROOT"),
      policy: aPolicy({ prefixes: { pattern: KEBAB, maxLength: 2 } }),
      says: [{ kind: "not-demanded", prefix: "ROOT", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
