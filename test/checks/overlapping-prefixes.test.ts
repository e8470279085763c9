import { overlappingPrefixes } from "../../src/checks/overlapping-prefixes/check.ts";
import { overlappingPrefixesText } from "../../src/checks/overlapping-prefixes/text.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aPolicy, aRegistryOf } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const OUTER_URL = "registry-1.docker.io";
const INNER_URL = "quay.io";

/** A registry whose first rule caches Quay, and the others Docker Hub. */
function registryOf(inner: string, ...others: readonly string[]): RegistrySnapshot {
  return aRegistryOf(
    { ecrRepositoryPrefix: inner, upstreamRegistryUrl: INNER_URL },
    ...others.map((ecrRepositoryPrefix) => ({ ecrRepositoryPrefix, upstreamRegistryUrl: OUTER_URL })),
  );
}

function inside(prefix: string, outer: string): Expected {
  return {
    kind: "prefix-inside-another",
    prefix,
    subject: outer,
    data: { outer, outerUpstream: OUTER_URL, upstream: INNER_URL },
  };
}

testCheck(overlappingPrefixes, {
  text: overlappingPrefixesText,
  passes: [
    { name: "a single rule", registry: registryOf("docker") },
    { name: "a prefix that another one only begins like", registry: registryOf("docker-hub", "docker") },
    { name: "the same, with a slash at the end", registry: registryOf("docker-hub/", "docker/") },
    {
      name: "prefixes inside the same, of which there is no rule",
      registry: registryOf("docker/library", "docker/tools"),
    },
    { name: "a prefix that ends like another", registry: registryOf("library", "docker/library") },
    { name: "any prefix beside ROOT, which lies around all of them", registry: registryOf("docker", "ROOT") },
    { name: "ROOT beside any prefix", registry: registryOf("ROOT", "docker") },
    {
      name: "the outer of two, whose images are its own",
      registry: registryOf("docker/library", "docker"),
      evaluating: ["docker"],
    },
  ],
  fails: [
    {
      name: "a prefix inside another",
      registry: registryOf("docker/library", "docker"),
      evaluating: ["docker/library"],
      says: [inside("docker/library", "docker")],
    },
    {
      name: "a prefix far inside another",
      registry: registryOf("a/b/c/d", "a"),
      evaluating: ["a/b/c/d"],
      says: [inside("a/b/c/d", "a")],
    },
    {
      name: "a prefix inside two others, once for each",
      registry: registryOf("a/b/c", "a", "a/b"),
      evaluating: ["a/b/c"],
      says: [inside("a/b/c", "a"), inside("a/b/c", "a/b")],
    },
    ...[
      { inner: "docker/library/", outer: "docker" },
      { inner: "docker/library", outer: "docker/" },
      { inner: "docker/library/", outer: "docker/" },
      { inner: "docker", outer: "docker/" },
      { inner: "docker/", outer: "docker" },
    ].map(({ inner, outer }) => ({
      name: `a slash at the end that changes nothing: ${inner} in ${outer}`,
      registry: registryOf(inner, outer),
      evaluating: [inner],
      says: [inside(inner, outer)],
    })),
  ],
  unknownCases: { never: "a rule always shows its prefix" },
  doesNotApply: [
    {
      name: "a prefix inside another, where the policy allows it",
      registry: registryOf("docker/library", "docker"),
      policy: aPolicy({ prefixes: { overlap: "allow" } }),
      evaluating: ["docker/library"],
      says: [{ kind: "not-demanded", prefix: "docker/library", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
