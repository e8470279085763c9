import { undeclaredRule } from "../../src/checks/undeclared-rule/check.ts";
import { undeclaredRuleText } from "../../src/checks/undeclared-rule/text.ts";
import type { Policy } from "../../src/policy/schema.ts";
import type { RequiredRule } from "../../src/policy/sections/required-rules.ts";
import { aPolicy, aRegistryOf } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const docker = aRegistryOf({});
const data = { upstreamRegistryUrl: "registry-1.docker.io" };
const undeclared = { kind: "rule-undeclared", prefix: "docker-hub", data };
const elsewhere = { kind: "rule-declared-elsewhere", prefix: "docker-hub", data };

/** A policy that forbids undeclared rules and declares one for each of `declared`. */
function declaring(...declared: readonly Partial<RequiredRule>[]): Policy {
  return aPolicy({
    undeclaredRules: "forbid",
    requiredRules: declared.map((rule) => ({ prefix: "docker-hub", registry: "docker-hub", ...rule })),
  });
}

testCheck(undeclaredRule, {
  text: undeclaredRuleText,
  policy: declaring(),
  passes: [
    { name: "a prefix that is declared everywhere", registry: docker, policy: declaring({}) },
    {
      name: "a prefix that is declared for this registry",
      registry: docker,
      policy: declaring({
        accounts: ["1111*"],
        organizationalUnits: ["ou-ab12-34567890"],
        regions: ["eu-west-1"],
      }),
    },
    {
      name: "a prefix that is declared for other registries, and for this one",
      registry: docker,
      policy: declaring({ regions: ["us-east-1"] }, { regions: ["eu-*"] }),
    },
    {
      name: "a declared prefix with another upstream, which required-rule reports",
      registry: aRegistryOf({ upstreamRegistryUrl: "quay.io" }),
      policy: declaring({}),
    },
    {
      name: "a slash at the rule's end",
      registry: aRegistryOf({ ecrRepositoryPrefix: "docker-hub/" }),
      policy: declaring({}),
    },
    {
      name: "a slash at the declaration's end",
      registry: docker,
      policy: declaring({ prefix: "docker-hub/" }),
    },
    {
      name: "ROOT, which is declared",
      registry: aRegistryOf({ ecrRepositoryPrefix: "ROOT" }),
      policy: declaring({ prefix: "ROOT" }),
    },
  ],
  fails: [
    { name: "a prefix where nothing is declared", registry: docker, says: [undeclared] },
    {
      name: "a prefix that others are inside of or around",
      registry: docker,
      policy: declaring({ prefix: "docker-hub/library" }, { prefix: "docker" }, { prefix: "ROOT" }),
      says: [undeclared],
    },
    {
      name: "a prefix that is declared for other accounts",
      registry: docker,
      policy: declaring({ accounts: ["444455556666"] }),
      says: [elsewhere],
    },
    {
      name: "a prefix that is declared for other organizational units",
      registry: docker,
      policy: declaring({ organizationalUnits: ["ou-ab12-99999999"] }),
      says: [elsewhere],
    },
    {
      name: "a prefix that is declared for other regions",
      registry: docker,
      policy: declaring({ regions: ["us-east-1"] }),
      says: [elsewhere],
    },
    {
      name: "of two rules the one that is not declared",
      registry: aRegistryOf({}, { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" }),
      policy: declaring({}),
      evaluating: ["quay"],
      says: [{ kind: "rule-undeclared", prefix: "quay", data: { upstreamRegistryUrl: "quay.io" } }],
    },
  ],
  unknownCases: { never: "a rule always shows its prefix" },
  doesNotApply: [
    {
      name: "a policy that allows undeclared rules",
      registry: docker,
      policy: aPolicy({ undeclaredRules: "allow" }),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
