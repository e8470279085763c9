import { upstreamCredentials } from "../../src/checks/upstream-credentials/check.ts";
import { upstreamCredentialsText } from "../../src/checks/upstream-credentials/text.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import { knownUpstreams, upstreams } from "../../src/ecr/upstream.ts";
import { aPolicy, aRegistryOf, aRule, aTarget, type PolicyFile } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const HERE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:";
const { credentialArn } = aRule();

const hosts: Readonly<Record<string, string>> = {
  "azure-container-registry": "contoso.azurecr.io",
  ecr: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
};

/** A rule for each known upstream. */
const rules = knownUpstreams.map((registry) => ({
  registry,
  needsSecret: upstreams[registry].authentication === "secret",
  rule: {
    ecrRepositoryPrefix: registry,
    upstreamRegistryUrl: upstreams[registry].host ?? hosts[registry] ?? "",
  },
}));

const unknown = {
  ecrRepositoryPrefix: "new",
  upstreamRegistryUrl: "registry.new.example",
  upstreamRegistry: "new-registry",
};

/** A rule for Docker Hub that authenticates with a secret of this name in the registry's account and region. */
function named(name: string, overrides: Partial<PullThroughCacheRule> = {}) {
  return aRegistryOf({ credentialArn: `${HERE}${name}-AbCdEf`, ...overrides });
}

function allowing(...allowedUpstreams: PolicyFile["allowedUpstreams"]) {
  return aPolicy({ allowedUpstreams });
}

function allowingSecrets(...secretNames: readonly string[]) {
  return allowing({ registry: "docker-hub", secretNames: [...secretNames] });
}

function elsewhere(account: string, region: string): Expected {
  const data = { name: "ecr-pullthroughcache/docker-hub", account, region };
  return { kind: "credential-elsewhere", prefix: "docker-hub", subject: "place", data };
}

function outOfReach(name: string): Expected {
  return { kind: "credential-out-of-reach", prefix: "docker-hub", subject: "name", data: { name } };
}

function notAllowed(name: string, ...allowed: readonly string[]): Expected {
  return {
    kind: "credential-not-allowed",
    prefix: "docker-hub",
    subject: "policy",
    data: { name, allowed },
  };
}

const teams = allowing(
  { registry: "docker-hub", prefixes: ["team-a"], secretNames: ["ecr-pullthroughcache/a"] },
  { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/hub"] },
);

const parts = allowing(
  { registry: "docker-hub", upstreamPrefixes: ["a"], secretNames: ["ecr-pullthroughcache/a"] },
  { registry: "docker-hub", upstreamPrefixes: ["b"], secretNames: ["ecr-pullthroughcache/b"] },
);

testCheck(upstreamCredentials, {
  text: upstreamCredentialsText,
  passes: [
    ...rules.map(({ registry, needsSecret, rule }) => ({
      name: needsSecret ? `a secret for ${registry}` : `no credential for ${registry}`,
      registry: aRegistryOf({ ...rule, credentialArn: needsSecret ? credentialArn : null }),
    })),
    {
      name: "an ARN without the six characters at its end",
      registry: aRegistryOf({ credentialArn: `${HERE}ecr-pullthroughcache/docker-hub` }),
      policy: allowingSecrets("ecr-pullthroughcache/docker-hub"),
    },
    {
      name: "a secret in China, beside its rule",
      registry: {
        ...aRegistryOf({
          credentialArn:
            "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf",
        }),
        target: aTarget({ region: "cn-north-1" }),
      },
    },
    {
      name: "a secret that the policy names, without the six characters at its end",
      registry: named("ecr-pullthroughcache/docker-hub"),
      policy: allowingSecrets("ecr-pullthroughcache/docker-hub"),
    },
    {
      name: "a secret that a wildcard of the policy names",
      registry: named("ecr-pullthroughcache/docker-hub-team-a"),
      policy: allowingSecrets("ecr-pullthroughcache/other", "ecr-pullthroughcache/docker-hub-*"),
    },
    {
      name: "a secret that the second entry for the upstream names",
      registry: named("ecr-pullthroughcache/b"),
      policy: allowing(
        { registry: "docker-hub", secretNames: ["ecr-pullthroughcache/a"] },
        { registry: "docker-hub", secretNames: ["ecr-pullthroughcache/b"] },
      ),
    },
    {
      name: "any secret, where one of the upstream's entries names none",
      registry: named("ecr-pullthroughcache/b"),
      policy: allowing(
        { registry: "docker-hub", secretNames: ["ecr-pullthroughcache/a"] },
        { registry: "docker-hub" },
      ),
    },
    {
      name: "any secret for an upstream that is not allowed, which allowed-upstream reports",
      registry: named("ecr-pullthroughcache/b"),
      policy: allowing({ registry: "chainguard", secretNames: ["ecr-pullthroughcache/a"] }),
    },
    {
      name: "the secret of the entry with the rule's prefix",
      registry: named("ecr-pullthroughcache/hub"),
      policy: teams,
    },
    {
      name: "the secret of an entry with another prefix, where none has the rule's",
      registry: named("ecr-pullthroughcache/a", { ecrRepositoryPrefix: "team-c" }),
      policy: teams,
    },
    {
      name: "the secret of the entry with the rule's upstream prefix",
      registry: named("ecr-pullthroughcache/b", { upstreamRepositoryPrefix: "b" }),
      policy: parts,
    },
    {
      name: "a secret for an upstream that this version does not know",
      registry: aRegistryOf(unknown),
      policy: allowing({ registry: "new-registry", secretNames: ["ecr-pullthroughcache/docker-hub"] }),
    },
  ],
  fails: [
    ...rules
      .filter(({ needsSecret }) => needsSecret)
      .map(({ registry, rule }) => ({
        name: `not the credential that ${registry} wants`,
        registry: aRegistryOf({ ...rule, credentialArn: null }),
        says: [
          {
            kind: "credential-missing",
            prefix: registry,
            data: { upstreamRegistryUrl: rule.upstreamRegistryUrl },
          },
        ],
      })),
    ...rules
      .filter(({ needsSecret }) => !needsSecret)
      .map(({ registry, rule: { ecrRepositoryPrefix, upstreamRegistryUrl } }) => ({
        name: `a credential for ${registry}`,
        registry: aRegistryOf({
          ecrRepositoryPrefix,
          upstreamRegistryUrl,
          upstreamRepositoryPrefix: "part",
        }),
        says: [
          {
            kind: "credential-needless",
            prefix: registry,
            data: {
              upstreamRegistryUrl,
              upstreamRepositoryPrefix: "part",
              credentialArn,
              customRoleArn: null,
            },
          },
        ],
      })),
    ...[
      "ecr-pullthroughcache/docker-hub",
      "arn:aws:ssm:eu-west-1:111122223333:parameter/ecr-pullthroughcache/docker-hub",
      `${HERE}ecr-pullthroughcache/docker-hub-AbCdEf:username::`,
    ].map((text) => ({
      name: `what is not the ARN of a secret: ${text}`,
      registry: aRegistryOf({ credentialArn: text }),
      says: [{ kind: "credential-not-a-secret", prefix: "docker-hub", data: { credentialArn: text } }],
    })),
    ...[
      { account: "444455556666", region: "eu-west-1" },
      { account: "111122223333", region: "us-east-1" },
      { account: "444455556666", region: "us-east-1" },
    ].map(({ account, region }) => ({
      name: `a secret of ${account} in ${region}`,
      registry: aRegistryOf({
        credentialArn: `arn:aws:secretsmanager:${region}:${account}:secret:ecr-pullthroughcache/docker-hub-AbCdEf`,
      }),
      says: [elsewhere(account, region)],
    })),
    ...[
      "docker-hub",
      "team/ecr-pullthroughcache/docker-hub",
      "ecr-pullthroughcache",
      "ecr-pullthroughcache-docker-hub",
      "ECR-PullThroughCache/docker-hub",
    ].map((name) => ({
      name: `a secret that ECR cannot read: ${name}`,
      registry: named(name),
      says: [outOfReach(name)],
    })),
    {
      name: "a secret that the policy does not name",
      registry: named("ecr-pullthroughcache/quay"),
      policy: allowingSecrets("ecr-pullthroughcache/docker-hub-*", "ecr-pullthroughcache/hub"),
      says: [
        notAllowed(
          "ecr-pullthroughcache/quay",
          "ecr-pullthroughcache/docker-hub-*",
          "ecr-pullthroughcache/hub",
        ),
      ],
    },
    {
      name: "a secret of which the policy names only what begins like it",
      registry: named("ecr-pullthroughcache/docker-hub-2"),
      policy: allowingSecrets("ecr-pullthroughcache/docker-hub"),
      says: [notAllowed("ecr-pullthroughcache/docker-hub-2", "ecr-pullthroughcache/docker-hub")],
    },
    {
      name: "the secret of an entry with another prefix",
      registry: named("ecr-pullthroughcache/a"),
      policy: teams,
      says: [notAllowed("ecr-pullthroughcache/a", "ecr-pullthroughcache/hub")],
    },
    {
      name: "the secret of an entry with another upstream prefix",
      registry: named("ecr-pullthroughcache/a", { upstreamRepositoryPrefix: "b" }),
      policy: parts,
      says: [notAllowed("ecr-pullthroughcache/a", "ecr-pullthroughcache/b")],
    },
    {
      name: "a secret with which everything is wrong",
      registry: aRegistryOf({
        credentialArn: "arn:aws:secretsmanager:us-east-1:444455556666:secret:token-AbCdEf",
      }),
      policy: allowingSecrets("ecr-pullthroughcache/*"),
      says: [
        {
          kind: "credential-elsewhere",
          prefix: "docker-hub",
          subject: "place",
          data: { name: "token", account: "444455556666", region: "us-east-1" },
        },
        outOfReach("token"),
        notAllowed("token", "ecr-pullthroughcache/*"),
      ],
    },
    {
      name: "a secret out of reach for an upstream that this version does not know",
      registry: aRegistryOf({ ...unknown, credentialArn: `${HERE}token-AbCdEf` }),
      says: [{ ...outOfReach("token"), prefix: "new" }],
    },
  ],
  unknownCases: { never: "a rule always shows how it authenticates" },
  doesNotApply: [
    {
      name: "no credential for an upstream that this version does not know",
      registry: aRegistryOf({ ...unknown, credentialArn: null }),
      says: [
        {
          kind: "authentication-unknown",
          prefix: "new",
          data: { upstreamRegistryUrl: "registry.new.example" },
        },
      ],
    },
    {
      name: "no credential for an upstream that nobody recognizes",
      registry: aRegistryOf({ upstreamRegistryUrl: "registry.example", credentialArn: null }),
      says: [
        {
          kind: "authentication-unknown",
          prefix: "docker-hub",
          data: { upstreamRegistryUrl: "registry.example" },
        },
      ],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});
