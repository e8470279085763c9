import { requiredRule } from "../../src/checks/required-rule/check.ts";
import { type RequiredUpstream, requiredRuleText } from "../../src/checks/required-rule/text.ts";
import { absent, unreadable } from "../../src/facts/evidence.ts";
import { aPolicy, aRegistryOf, aSnapshot, aTarget, type PolicyFile } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const BASE_URL = "444455556666.dkr.ecr.us-east-1.amazonaws.com";
const base = {
  ecrRepositoryPrefix: "base",
  upstreamRegistryUrl: BASE_URL,
  upstreamRepositoryPrefix: "base/team",
};

type Entry = NonNullable<PolicyFile["requiredRules"]>[number];

const hubRequired: Entry = { prefix: "docker-hub", registry: "docker-hub" };
const quayRequired: Entry = { prefix: "quay", registry: "quay" };

function requiring(...requiredRules: readonly Entry[]) {
  return aPolicy({ requiredRules: [...requiredRules] });
}

function upstream(registry: string, narrowed: Partial<RequiredUpstream> = {}): RequiredUpstream {
  return { registry, urls: [], upstreamPrefixes: [], ...narrowed };
}

function missing(prefix: string, required: RequiredUpstream): Expected {
  return { kind: "rule-missing", prefix, subject: JSON.stringify(required), data: { required } };
}

function mayBeImpossible(partition: string | undefined) {
  return { kind: "rule-may-be-impossible", data: { required: upstream("quay"), partition } };
}

function differs(
  prefix: string,
  required: RequiredUpstream,
  upstreamRegistryUrl: string,
  upstreamRepositoryPrefix = "ROOT",
): Expected {
  return {
    kind: "rule-differs",
    prefix,
    subject: JSON.stringify(required),
    data: { required, upstreamRegistryUrl, upstreamRepositoryPrefix },
  };
}

const notDemanded = [{ kind: "not-demanded", prefix: null, data: {} }];

/** Ways to name the registry of account 111122223333 in eu-west-1, and ways that name others. */
const here = [
  {},
  { accounts: [], organizationalUnits: [], regions: [] },
  { accounts: ["1111*"], organizationalUnits: ["ou-ab12-34567890"], regions: ["us-east-1", "eu-*"] },
];
const elsewhere = [
  { accounts: ["444455556666"] },
  { organizationalUnits: ["ou-ab12-99999999"] },
  { regions: ["us-east-1"] },
  { accounts: ["111122223333"], regions: ["us-east-1"] },
];

testCheck(requiredRule, {
  text: requiredRuleText,
  policy: requiring(hubRequired),
  passes: [
    { name: "a rule that is required, beside others", registry: aRegistryOf({}, base) },
    {
      name: "a slash at the end of the rule's prefix",
      registry: aRegistryOf({ ecrRepositoryPrefix: "docker-hub/" }),
      evaluating: ["docker-hub/"],
    },
    {
      name: "a slash at the end of the required prefix",
      registry: aRegistryOf({}),
      policy: requiring({ ...hubRequired, prefix: "docker-hub/" }),
    },
    {
      name: "several rules that are required",
      registry: aRegistryOf({}, base),
      policy: requiring(hubRequired, { prefix: "base", registry: "ecr" }),
    },
    {
      name: "a rule with the required host and upstream prefix",
      registry: aRegistryOf(base),
      policy: requiring({
        prefix: "base",
        registry: "ecr",
        urls: ["777788889999.*", `https://${BASE_URL}/`],
        upstreamPrefixes: ["tools", "base/*"],
      }),
    },
    {
      name: "any host and upstream prefix, where the lists are empty",
      registry: aRegistryOf(base),
      policy: requiring({ prefix: "base", registry: "ecr", urls: [], upstreamPrefixes: [] }),
    },
    {
      name: "a rule for all of its upstream, as required",
      registry: aRegistryOf({}),
      policy: requiring({ ...hubRequired, upstreamPrefixes: ["ROOT"] }),
    },
    {
      name: "a ROOT rule that is required",
      registry: aRegistryOf({ ecrRepositoryPrefix: "ROOT" }),
      policy: requiring({ ...hubRequired, prefix: "ROOT" }),
    },
    {
      name: "a rule that two entries require, and that does what both ask",
      registry: aRegistryOf(base),
      policy: requiring(
        { prefix: "base", registry: "ecr", urls: ["444455556666.*"] },
        { prefix: "base", registry: "ecr", upstreamPrefixes: ["base/team"] },
      ),
    },
    {
      name: "a rule that is required, while another registry lacks its own",
      registry: aRegistryOf({}),
      policy: requiring(hubRequired, { ...quayRequired, regions: ["us-east-1"] }),
    },
    {
      name: "a rule of an audit that is narrowed to it",
      registry: aRegistryOf({}),
      policy: requiring(hubRequired, quayRequired),
      evaluating: ["docker-hub"],
    },
  ],
  fails: [
    {
      name: "a rule that is missing",
      registry: aRegistryOf(base),
      says: [missing("docker-hub", upstream("docker-hub"))],
    },
    {
      name: "a rule in a registry without any",
      registry: aRegistryOf(),
      says: [missing("docker-hub", upstream("docker-hub"))],
    },
    {
      name: "a rule in a registry of which AWS says it has no rules",
      registry: aSnapshot({ rules: absent }),
      says: [missing("docker-hub", upstream("docker-hub"))],
    },
    {
      name: "a prefix that only begins as required",
      registry: aRegistryOf(
        { ecrRepositoryPrefix: "docker-hub-2" },
        { ecrRepositoryPrefix: "docker-hub/library" },
      ),
      says: [missing("docker-hub", upstream("docker-hub"))],
    },
    ...here.map((place, index) => ({
      name: `a rule that is missing where it is required, by place ${index + 1}`,
      registry: aRegistryOf({}),
      policy: requiring({ ...quayRequired, ...place }),
      says: [missing("quay", upstream("quay"))],
    })),
    {
      name: "a rule for another upstream",
      registry: aRegistryOf({ upstreamRegistryUrl: "quay.io" }),
      says: [differs("docker-hub", upstream("docker-hub"), "quay.io")],
    },
    {
      name: "a rule for a host that only looks like the upstream's",
      registry: aRegistryOf({ upstreamRegistryUrl: "registry-1.docker.io.evil.com" }),
      says: [differs("docker-hub", upstream("docker-hub"), "registry-1.docker.io.evil.com")],
    },
    {
      name: "a rule for another host",
      registry: aRegistryOf(base),
      policy: requiring({ prefix: "base", registry: "ecr", urls: ["777788889999.*"] }),
      says: [differs("base", upstream("ecr", { urls: ["777788889999.*"] }), BASE_URL, "base/team")],
    },
    ...["base", "base/team-*", "ROOT"].map((required) => ({
      name: `the upstream prefix base/team where ${required} is required`,
      registry: aRegistryOf(base),
      policy: requiring({ prefix: "base", registry: "ecr", upstreamPrefixes: [required] }),
      says: [differs("base", upstream("ecr", { upstreamPrefixes: [required] }), BASE_URL, "base/team")],
    })),
    {
      name: "a rule for all of its upstream where a part is required",
      registry: aRegistryOf({}),
      policy: requiring({ ...hubRequired, upstreamPrefixes: ["library"] }),
      says: [
        differs(
          "docker-hub",
          upstream("docker-hub", { upstreamPrefixes: ["library"] }),
          "registry-1.docker.io",
        ),
      ],
    },
    {
      name: "a rule under its own spelling of the prefix",
      registry: aRegistryOf({ ecrRepositoryPrefix: "quay/" }),
      policy: requiring(quayRequired),
      says: [differs("quay/", upstream("quay"), "registry-1.docker.io")],
    },
    {
      name: "of two entries for one prefix the one that is not met",
      registry: aRegistryOf(base),
      policy: requiring(
        { prefix: "base", registry: "ecr" },
        { prefix: "base", registry: "ecr", urls: ["777788889999.*"] },
      ),
      says: [differs("base", upstream("ecr", { urls: ["777788889999.*"] }), BASE_URL, "base/team")],
    },
    {
      name: "two entries for one prefix, neither of which is met",
      registry: aRegistryOf({}),
      policy: requiring(
        { prefix: "base", registry: "ecr", urls: [BASE_URL], upstreamPrefixes: ["base"] },
        { prefix: "base/", registry: "quay" },
      ),
      says: [
        missing("base", upstream("ecr", { urls: [BASE_URL], upstreamPrefixes: ["base"] })),
        missing("base", upstream("quay")),
      ],
    },
    {
      name: "once what two entries demand in the same words",
      registry: aRegistryOf({}),
      policy: requiring({ ...quayRequired, regions: ["eu-*"] }, { ...quayRequired, accounts: ["1*"] }),
      says: [missing("quay", upstream("quay"))],
    },
    {
      name: "a missing rule of an upstream newer than this version",
      registry: aRegistryOf({}),
      policy: requiring({ prefix: "new", registry: "new-registry", upstreamPrefixes: ["team-*"] }),
      says: [missing("new", upstream("new-registry", { upstreamPrefixes: ["team-*"] }))],
    },
    {
      name: "the missing rule that an audit is narrowed to",
      registry: aRegistryOf(),
      policy: requiring(hubRequired, quayRequired),
      evaluating: ["quay"],
      says: [missing("quay", upstream("quay"))],
    },
  ],
  unknownCases: [
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ].map(([region = "", partition]) => ({
    name: `a rule that is missing in ${region}, where it may not be possible`,
    registry: { ...aRegistryOf({}), target: aTarget({ region }) },
    policy: requiring(quayRequired),
    says: [{ ...missing("quay", upstream("quay")), ...mayBeImpossible(partition) }],
  })),
  doesNotApply: [
    {
      name: "any registry, where no rule is required",
      registry: aRegistryOf({}),
      policy: aPolicy(),
      says: notDemanded,
    },
    ...elsewhere.map((place) => ({
      name: `a missing rule that is required elsewhere: ${JSON.stringify(place)}`,
      registry: aRegistryOf({}),
      policy: requiring({ ...quayRequired, ...place }),
      says: notDemanded,
    })),
    {
      name: "a registry that could not be read, where nothing is required",
      registry: aSnapshot({ rules: unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "no") }),
      policy: requiring({ ...quayRequired, accounts: ["999999999999"] }),
      says: notDemanded,
    },
    {
      name: "a registry that could not be read, where nothing is required of any",
      registry: aSnapshot({ rules: unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "no") }),
      policy: aPolicy(),
      says: "nothing",
    },
    {
      name: "an audit that is narrowed to other prefixes",
      registry: aRegistryOf(),
      evaluating: ["quay"],
      says: "nothing",
    },
  ],
});
