import { rootPrefix } from "../../src/checks/root-prefix/check.ts";
import { rootPrefixText } from "../../src/checks/root-prefix/text.ts";
import { aPolicy, aRegistryOf } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const root = { ecrRepositoryPrefix: "ROOT", upstreamRegistryUrl: "quay.io" };
const forbidden = { kind: "root-forbidden", prefix: "ROOT", data: { upstreamRegistryUrl: "quay.io" } };
const allowed = aPolicy({ prefixes: { root: "allow" } });

testCheck(rootPrefix, {
  text: rootPrefixText,
  passes: [
    { name: "a prefix of its own", registry: aRegistryOf({}) },
    {
      name: "a prefix spelled root in small letters",
      registry: aRegistryOf({ ecrRepositoryPrefix: "root" }),
    },
    {
      name: "ROOT of the upstream, which is its usual prefix",
      registry: aRegistryOf({ upstreamRepositoryPrefix: "ROOT", ecrRepositoryPrefix: "quay" }),
    },
    { name: "the other rules beside ROOT", registry: aRegistryOf(root, {}), evaluating: ["docker-hub"] },
  ],
  fails: [
    { name: "ROOT, by default", registry: aRegistryOf(root), says: [forbidden] },
    {
      name: "ROOT beside other rules",
      registry: aRegistryOf({}, root),
      evaluating: ["ROOT"],
      says: [forbidden],
    },
    {
      name: "ROOT, where other demands on prefixes are dropped",
      registry: aRegistryOf(root),
      policy: aPolicy({ prefixes: { overlap: "allow", duplicateUpstreams: "allow" } }),
      says: [forbidden],
    },
  ],
  unknownCases: { never: "a rule always shows its prefix" },
  doesNotApply: [
    {
      name: "ROOT, where the policy allows it",
      registry: aRegistryOf(root),
      policy: allowed,
      says: [{ kind: "not-demanded", prefix: "ROOT", data: {} }],
    },
    {
      name: "any prefix, where the policy allows ROOT",
      registry: aRegistryOf({}),
      policy: allowed,
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
