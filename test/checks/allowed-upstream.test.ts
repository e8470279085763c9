import { allowedUpstream } from "../../src/checks/allowed-upstream/check.ts";
import { allowedUpstreamText } from "../../src/checks/allowed-upstream/text.ts";
import { recognizeUpstream } from "../../src/ecr/upstream.ts";
import { absent } from "../../src/facts/evidence.ts";
import { aPolicy, aRegistryOf, aRule, aSnapshot, type PolicyFile } from "../support/builders.ts";
import type { Expected } from "../support/check-table.ts";
import { testCheck } from "../support/check-tester.ts";

const dockerHub = { ecrRepositoryPrefix: "docker-hub", upstreamRegistryUrl: "registry-1.docker.io" };
const contoso = { ecrRepositoryPrefix: "azure-contoso", upstreamRegistryUrl: "contoso.azurecr.io" };
const fabrikam = { ecrRepositoryPrefix: "azure-fabrikam", upstreamRegistryUrl: "fabrikam.azurecr.io" };
const baseImages = {
  ecrRepositoryPrefix: "base",
  upstreamRegistryUrl: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
};

function allowing(...allowedUpstreams: PolicyFile["allowedUpstreams"]) {
  return aPolicy({ allowedUpstreams });
}

function notAllowed(
  { ecrRepositoryPrefix, upstreamRegistryUrl }: typeof dockerHub,
  upstreamRegistry: string,
): Expected {
  return {
    kind: "upstream-not-allowed",
    prefix: ecrRepositoryPrefix,
    data: { upstreamRegistry, upstreamRegistryUrl },
  };
}

/** An ECR upstream of an account or a region that no entry allows. */
function elsewhere(aspect: "account" | "region", given: string, allowed: readonly string[]): Expected {
  const { ecrRepositoryPrefix, ...parts } = { ...aRuleOf(baseImages) };
  return { kind: `${aspect}-not-allowed`, prefix: ecrRepositoryPrefix, data: { ...parts, given, allowed } };
}

/** The rule's parts that a finding has in its data. */
function aRuleOf({ ecrRepositoryPrefix, upstreamRegistryUrl }: typeof baseImages) {
  const { upstreamRepositoryPrefix, credentialArn, customRoleArn } = aRule({
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
  });
  return { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn };
}

/** Hosts that only look like an upstream that ECR caches, whatever the rule declares. */
const lookAlikes = [
  { url: "public.ecr.aws.evil.com", declared: "ecr-public" },
  { url: "public-ecr.aws", declared: "ecr-public" },
  { url: "registry-1.docker.io.evil.com", declared: "docker-hub" },
  { url: "evil.com/registry-1.docker.io", declared: "docker-hub" },
  { url: "https://registry-1.docker.io@evil.com", declared: "docker-hub" },
  { url: "contoso.azurecr.io.evil.com", declared: "azure-container-registry" },
  { url: "444455556666.dkr.ecr.us-east-1.amazonaws.com.evil.com", declared: "ecr" },
  { url: "444455556666.dkr.ecr.cn-north-1.amazonaws.com", declared: "ecr" },
];

testCheck(allowedUpstream, {
  text: allowedUpstreamText,
  passes: [
    { name: "an upstream that is allowed", registry: aRegistryOf(dockerHub) },
    {
      name: "every upstream that is allowed",
      registry: aRegistryOf(dockerHub, contoso, baseImages, {
        ecrRepositoryPrefix: "ecr-public",
        upstreamRegistryUrl: "public.ecr.aws",
      }),
    },
    {
      name: "an upstream of an allowed host, spelled otherwise",
      registry: aRegistryOf({ ...contoso, upstreamRegistryUrl: "https://Contoso.azurecr.io:443/" }),
      policy: allowing({ registry: "azure-container-registry", urls: ["contoso.azurecr.io"] }),
    },
    {
      name: "an allowed host, spelled otherwise in the policy",
      registry: aRegistryOf(contoso),
      policy: allowing({ registry: "azure-container-registry", urls: ["https://CONTOSO.azurecr.io/"] }),
    },
    {
      name: "hosts that a wildcard allows",
      registry: aRegistryOf(contoso, {
        ecrRepositoryPrefix: "azure-test",
        upstreamRegistryUrl: "contosotest.azurecr.io",
      }),
      policy: allowing({ registry: "azure-container-registry", urls: ["contoso*.azurecr.io"] }),
    },
    {
      name: "hosts that several entries of one registry allow",
      registry: aRegistryOf(contoso, fabrikam),
      policy: allowing(
        { registry: "azure-container-registry", urls: ["contoso.azurecr.io"] },
        { registry: "azure-container-registry", urls: ["fabrikam.azurecr.io"] },
      ),
    },
    {
      name: "an ECR upstream of an account and region that one of the entries allows",
      registry: aRegistryOf(baseImages),
      policy: allowing(
        { registry: "ecr", accounts: ["777788889999"], regions: ["us-east-1"] },
        { registry: "ecr", accounts: ["4444*"], regions: ["us-*"] },
      ),
    },
    {
      name: "an ECR upstream of which too much is cached, which upstream-scope reports",
      registry: aRegistryOf(baseImages),
      policy: allowing({ registry: "ecr", accounts: ["444455556666"], upstreamPrefixes: ["tools"] }),
    },
    {
      name: "a wrong prefix, which prefix-convention reports",
      registry: aRegistryOf({ ...dockerHub, ecrRepositoryPrefix: "hub" }),
      policy: allowing({ registry: "docker-hub", prefixes: ["docker-hub"] }),
    },
    {
      name: "an upstream newer than this version, allowed by its name",
      registry: aRegistryOf({
        ecrRepositoryPrefix: "new",
        upstreamRegistryUrl: "registry.new.example",
        upstreamRegistry: "new-registry",
      }),
      policy: allowing({ registry: "new-registry" }),
    },
    {
      name: "an upstream by its URL, whatever the rule's prefix claims",
      registry: aRegistryOf({ ecrRepositoryPrefix: "docker-hub", upstreamRegistryUrl: "quay.io" }),
      policy: allowing({ registry: "quay" }),
    },
  ],
  fails: [
    ...[
      "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn",
      "444455556666.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
    ].map((upstreamRegistryUrl) => ({
      name: `an ECR upstream of another partition, which can never work: ${upstreamRegistryUrl}`,
      registry: aRegistryOf({ ...baseImages, upstreamRegistryUrl }),
      policy: allowing({ registry: "ecr" }),
      says: [
        {
          kind: "upstream-in-another-partition",
          prefix: baseImages.ecrRepositoryPrefix,
          data: { upstreamRegistryUrl, partition: "aws-cn", ownPartition: "aws" },
        },
      ],
    })),
    {
      name: "an ECR upstream of an account that the policy does not name",
      registry: aRegistryOf(baseImages),
      policy: allowing({ registry: "ecr", accounts: ["777788889999", "1*"] }),
      says: [elsewhere("account", "444455556666", ["777788889999", "1*"])],
    },
    {
      name: "an ECR upstream of a region that the policy does not name",
      registry: aRegistryOf(baseImages),
      policy: allowing({ registry: "ecr", regions: ["eu-*"] }),
      says: [elsewhere("region", "us-east-1", ["eu-*"])],
    },
    {
      name: "an ECR upstream of which neither account nor region is allowed, by its account",
      registry: aRegistryOf(baseImages),
      policy: allowing({ registry: "ecr", accounts: ["777788889999"], regions: ["eu-*"] }),
      says: [elsewhere("account", "444455556666", ["777788889999"])],
    },
    {
      name: "an ECR upstream whose account and region no single entry allows, by the closest one",
      registry: aRegistryOf(baseImages),
      policy: allowing(
        { registry: "ecr", accounts: ["777788889999"], regions: ["eu-*"] },
        { registry: "ecr", accounts: ["444455556666"], regions: ["eu-west-1"] },
        { registry: "ecr", accounts: ["777788889999"], regions: ["us-east-1"] },
      ),
      says: [elsewhere("region", "us-east-1", ["eu-west-1"])],
    },
    {
      name: "an upstream that no entry names",
      registry: aRegistryOf(dockerHub),
      policy: allowing({ registry: "quay" }),
      says: [notAllowed(dockerHub, "docker-hub")],
    },
    {
      name: "any upstream, when none is allowed",
      registry: aRegistryOf(dockerHub, contoso),
      policy: allowing(),
      says: [notAllowed(dockerHub, "docker-hub"), notAllowed(contoso, "azure-container-registry")],
    },
    {
      name: "an ECR upstream, when only ECR Public is allowed",
      registry: aRegistryOf(baseImages),
      policy: allowing({ registry: "ecr-public" }),
      says: [notAllowed(baseImages, "ecr")],
    },
    {
      name: "a host of an allowed registry that no entry names",
      registry: aRegistryOf(fabrikam),
      policy: allowing({ registry: "azure-container-registry", urls: ["contoso*.azurecr.io"] }),
      says: [notAllowed(fabrikam, "azure-container-registry")],
    },
    {
      name: "a host that another registry's entry names",
      registry: aRegistryOf(contoso),
      policy: allowing(
        { registry: "azure-container-registry", urls: ["fabrikam.azurecr.io"] },
        { registry: "docker-hub", urls: ["contoso.azurecr.io"] },
      ),
      says: [notAllowed(contoso, "azure-container-registry")],
    },
    {
      name: "an upstream newer than this version that no entry names",
      registry: aRegistryOf({
        ecrRepositoryPrefix: "new",
        upstreamRegistryUrl: "registry.new.example",
        upstreamRegistry: "new-registry",
      }),
      says: [
        notAllowed(
          { ecrRepositoryPrefix: "new", upstreamRegistryUrl: "registry.new.example" },
          "new-registry",
        ),
      ],
    },
    ...lookAlikes.map(({ url, declared }) => ({
      name: `a host that only looks like ${declared}: ${url}`,
      registry: aRegistryOf({ upstreamRegistryUrl: url, upstreamRegistry: recognizeUpstream(url, declared) }),
      says: [{ kind: "upstream-not-recognized", prefix: "docker-hub", data: { upstreamRegistryUrl: url } }],
    })),
  ],
  unknownCases: { never: "a rule always shows its upstream" },
  doesNotApply: [
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
    {
      name: "a registry of which AWS says it has no rules",
      registry: aSnapshot({ rules: absent }),
      says: "nothing",
    },
    {
      name: "an audit narrowed to other prefixes",
      registry: aRegistryOf(dockerHub),
      policy: allowing(),
      evaluating: ["quay"],
      says: "nothing",
    },
  ],
});
