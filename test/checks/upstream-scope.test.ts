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
  given: string,
  allowed: readonly string[],
  overrides: Partial<PullThroughCacheRule> = {},
): Expected {
  return {
    kind: "upstream-prefix-not-allowed",
    prefix: "base",
    subject: "upstream-prefix",
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
      name: "a part that the second entry allows",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", upstreamPrefixes: ["tools"] },
        { registry: "ecr", upstreamPrefixes: ["base"] },
      ),
    },
    {
      name: "anything, where one of the upstream's entries narrows nothing",
      registry: caching(),
      policy: allowing({ registry: "ecr", upstreamPrefixes: ["tools"] }, { registry: "ecr" }),
    },
    {
      name: "the part of an upstream other than ECR",
      registry: aRegistryOf({ upstreamRepositoryPrefix: "library" }),
      policy: allowing({ registry: "docker-hub", upstreamPrefixes: ["library"] }),
    },
    {
      name: "the part that the entry with the rule's prefix allows",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", prefixes: ["tools"], upstreamPrefixes: ["tools"] },
        { registry: "ecr", prefixes: ["base"], upstreamPrefixes: ["base"] },
      ),
    },
    {
      name: "the part that an entry with another prefix allows, where none has the rule's",
      registry: caching({ ecrRepositoryPrefix: "other" }),
      policy: allowing({ registry: "ecr", prefixes: ["base"], upstreamPrefixes: ["base"] }),
    },
  ],
  fails: [
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
      says: [misfit(upstreamRepositoryPrefix, [allowed], { upstreamRepositoryPrefix })],
    })),
    {
      name: "a ROOT rule for everything of its upstream",
      registry: caching({ ecrRepositoryPrefix: "ROOT", upstreamRepositoryPrefix: "ROOT" }),
      policy: allowingPrefixes("base"),
      says: [
        {
          ...misfit("ROOT", ["base"], { upstreamRepositoryPrefix: "ROOT" }),
          prefix: "ROOT",
        },
      ],
    },
    {
      name: "an upstream of which each entry allows another part, compared with the first one",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", upstreamPrefixes: ["tools"] },
        { registry: "ecr", upstreamPrefixes: ["images"] },
      ),
      says: [misfit("base/team", ["tools"])],
    },
    {
      name: "an upstream whose part only an entry of another account allows",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", accounts: ["777788889999"], upstreamPrefixes: ["base"] },
        { registry: "ecr", accounts: ["444455556666"], upstreamPrefixes: ["tools"] },
      ),
      says: [misfit("base/team", ["tools"])],
    },
    {
      name: "an upstream whose part only an entry with another prefix allows",
      registry: caching(),
      policy: allowing(
        { registry: "ecr", prefixes: ["tools"], upstreamPrefixes: ["base"] },
        { registry: "ecr", prefixes: ["base"], upstreamPrefixes: ["tools"] },
      ),
      says: [misfit("base/team", ["tools"])],
    },
  ],
  unknownCases: { never: "a rule always shows what it caches" },
  doesNotApply: [
    { name: "an upstream that no entry narrows", registry: caching(), says: notDemanded },
    {
      name: "an upstream of an account that no entry allows, which allowed-upstream reports",
      registry: caching(),
      policy: allowing({ registry: "ecr", accounts: ["777788889999"], upstreamPrefixes: ["tools"] }),
      says: notDemanded,
    },
    {
      name: "an upstream of which only accounts and regions are restricted",
      registry: caching(),
      policy: allowing({ registry: "ecr", accounts: ["444455556666"], regions: ["us-*"] }),
      says: notDemanded,
    },
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
