import { upstreamScope } from "../../src/checks/upstream-scope/check.ts";
import { upstreamScopeText } from "../../src/checks/upstream-scope/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aPolicy, aRegistryOf, type PolicyFile } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const parts = {
  upstreamRegistryUrl: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
  upstreamRepositoryPrefix: "base/team",
  credentialArn: null,
  customRoleArn: "arn:aws:iam::111122223333:role/ecr-pull",
};

function caching(overrides: Partial<PullThroughCacheRule> = {}): RegistrySnapshot {
  return aRegistryOf({ ecrRepositoryPrefix: "base", ...parts, ...overrides });
}

function allowing(...allowedUpstreams: PolicyFile["allowedUpstreams"]) {
  return aPolicy({ allowedUpstreams });
}

function allowingPrefixes(...upstreamPrefixes: readonly string[]) {
  return allowing({ registry: "ecr", upstreamPrefixes: [...upstreamPrefixes] });
}

function misfit(
  aspect: "account" | "region" | "upstream-prefix",
  given: string,
  allowed: readonly string[],
  overrides: Partial<PullThroughCacheRule> = {},
): Expected {
  return {
    kind: `${aspect}-not-allowed`,
    prefix: "base",
    subject: aspect,
    data: { ...parts, ...overrides, given, allowed },
  };
}

const notDemanded = [{ kind: "not-demanded", prefix: "base", data: {} }];

testCheck(upstreamScope, {
  text: upstreamScopeText,
  passes: [
    {
      name: "an upstream that fits in everything",
      registry: caching(),
      policy: allowing({
        registry: "ecr",
        accounts: ["777788889999", "444455556666"],
        regions: ["us-*"],
        upstreamPrefixes: ["base/*"],
      }),
    },
    ...[
      { upstreamRepositoryPrefix: "base/team", allowed: "base/*" },
      { upstreamRepositoryPrefix: "base/team/", allowed: "base/team" },
      { upstreamRepositoryPrefix: "base/team", allowed: "base" },
      { upstreamRepositoryPrefix: "base", allowed: "base/*" },
      { upstreamRepositoryPrefix: "base/", allowed: "base" },
      { upstreamRepositoryPrefix: "base", allowed: "base/" },
      { upstreamRepositoryPrefix: "base", allowed: "ROOT" },
      { upstreamRepositoryPrefix: "ROOT", allowed: "ROOT" },
      { upstreamRepositoryPrefix: "ROOT", allowed: "*" },
    ].map(({ upstreamRepositoryPrefix, allowed }) => ({
      name: `the upstream prefix ${upstreamRepositoryPrefix} where ${allowed} is allowed`,
      registry: caching({ upstreamRepositoryPrefix }),
      policy: allowingPrefixes(allowed),
    })),
    {
      name: "an upstream that the second entry fits",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", accounts: ["777788889999"] },
        { registry: "ecr", accounts: ["444455556666"] },
      ),
    },
    {
      name: "anything, where one of the upstream's entries narrows nothing",
      registry: caching(),
      policy: allowing({ registry: "ecr", accounts: ["777788889999"] }, { registry: "ecr" }),
    },
    {
      name: "the part of an upstream other than ECR",
      registry: aRegistryOf({ upstreamRepositoryPrefix: "library" }),
      policy: allowing({ registry: "docker-hub", upstreamPrefixes: ["library"] }),
    },
    {
      name: "the upstream of the entry with the rule's prefix",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", prefixes: ["tools"], accounts: ["777788889999"] },
        { registry: "ecr", prefixes: ["base"], accounts: ["444455556666"] },
      ),
    },
    {
      name: "the upstream of an entry with another prefix, where none has the rule's",
      registry: caching({ ecrRepositoryPrefix: "other" }),
      policy: allowing({ registry: "ecr", prefixes: ["base"], accounts: ["444455556666"] }),
    },
  ],
  fails: [
    {
      name: "an account that the policy does not name",
      registry: caching(),
      policy: allowing({ registry: "ecr", accounts: ["777788889999", "1*"] }),
      says: [misfit("account", "444455556666", ["777788889999", "1*"])],
    },
    {
      name: "a region that the policy does not name",
      registry: caching(),
      policy: allowing({ registry: "ecr", regions: ["eu-*"] }),
      says: [misfit("region", "us-east-1", ["eu-*"])],
    },
    {
      name: "a dual-stack URL of a region that the policy does not name",
      registry: caching({ upstreamRegistryUrl: "444455556666.dkr-ecr.us-east-1.on.aws" }),
      policy: allowing({ registry: "ecr", regions: ["eu-*"] }),
      says: [
        misfit("region", "us-east-1", ["eu-*"], {
          upstreamRegistryUrl: "444455556666.dkr-ecr.us-east-1.on.aws",
        }),
      ],
    },
    ...[
      { upstreamRepositoryPrefix: "ROOT", allowed: "base" },
      { upstreamRepositoryPrefix: "ROOT", allowed: "*/*" },
      { upstreamRepositoryPrefix: "base", allowed: "base/team" },
      { upstreamRepositoryPrefix: "base-old", allowed: "base/*" },
      { upstreamRepositoryPrefix: "base-old", allowed: "base" },
      { upstreamRepositoryPrefix: "my/base", allowed: "base" },
    ].map(({ upstreamRepositoryPrefix, allowed }) => ({
      name: `the upstream prefix ${upstreamRepositoryPrefix} where only ${allowed} is allowed`,
      registry: caching({ upstreamRepositoryPrefix }),
      policy: allowingPrefixes(allowed),
      says: [misfit("upstream-prefix", upstreamRepositoryPrefix, [allowed], { upstreamRepositoryPrefix })],
    })),
    {
      name: "a ROOT rule for everything of its upstream",
      registry: caching({ ecrRepositoryPrefix: "ROOT", upstreamRepositoryPrefix: "ROOT" }),
      policy: allowingPrefixes("base"),
      says: [
        {
          ...misfit("upstream-prefix", "ROOT", ["base"], { upstreamRepositoryPrefix: "ROOT" }),
          prefix: "ROOT",
        },
      ],
    },
    {
      name: "an upstream that fits in nothing",
      registry: caching(),
      policy: allowing({
        registry: "ecr",
        accounts: ["777788889999"],
        regions: ["eu-*"],
        upstreamPrefixes: ["tools"],
      }),
      says: [
        misfit("account", "444455556666", ["777788889999"]),
        misfit("region", "us-east-1", ["eu-*"]),
        misfit("upstream-prefix", "base/team", ["tools"]),
      ],
    },
    {
      name: "an upstream of which each entry allows something, and none all of it",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", accounts: ["777788889999"], regions: ["us-east-1"], upstreamPrefixes: ["tools"] },
        { registry: "ecr", accounts: ["444455556666"], regions: ["eu-west-1"], upstreamPrefixes: ["base"] },
      ),
      says: [misfit("region", "us-east-1", ["eu-west-1"])],
    },
    {
      name: "of two entries that come equally close what the first one allows",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", accounts: ["777788889999"] },
        { registry: "ecr", regions: ["eu-*"] },
      ),
      says: [misfit("account", "444455556666", ["777788889999"])],
    },
    {
      name: "the upstream of an entry with another prefix",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", prefixes: ["tools"], accounts: ["444455556666"] },
        { registry: "ecr", prefixes: ["base"], accounts: ["777788889999"] },
      ),
      says: [misfit("account", "444455556666", ["777788889999"])],
    },
  ],
  unknownCases: { never: "a rule always shows what it caches" },
  doesNotApply: [
    { name: "an upstream that no entry narrows", registry: caching(), says: notDemanded },
    {
      name: "an upstream that is not allowed, which allowed-upstream reports",
      registry: caching(),
      policy: allowing({ registry: "ecr", urls: ["777788889999.*"], accounts: ["777788889999"] }),
      says: notDemanded,
    },
    {
      name: "an upstream that only entries of other upstreams narrow",
      registry: caching(),
      policy: allowing({ registry: "ecr" }, { registry: "docker-hub", upstreamPrefixes: ["library"] }),
      says: notDemanded,
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
