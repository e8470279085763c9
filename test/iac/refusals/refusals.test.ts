import { describe, expect, it } from "vitest";
import {
  byParameter,
  type Declared,
  type RuleParameter,
  set,
  unknown,
  unset,
} from "../../../src/iac/declared-rule.ts";
import { refusalsOf } from "../../../src/iac/refusals/refusals.ts";
import { HERE, SECRET } from "../support.ts";

type Spoils = Partial<Record<RuleParameter, Declared>>;

const perfect: Spoils = {
  ecrRepositoryPrefix: set("docker-hub"),
  upstreamRegistryUrl: set("registry-1.docker.io"),
  credentialArn: set(SECRET),
};

function foresee(spoils: Spoils, location: { account: string; region: string } = HERE) {
  const all = { ...perfect, ...spoils };
  return refusalsOf({ ...location, parameters: byParameter((parameter) => all[parameter] ?? unset) });
}

function refusedBy(spoils: Spoils, location?: { account: string; region: string }): readonly string[] {
  return foresee(spoils, location).refusals.map(({ exception, parameter }) => `${exception} ${parameter}`);
}

const role = "arn:aws:iam::111122223333:role/ecr-pull-base";
const ecr = set("444455556666.dkr.ecr.eu-west-1.amazonaws.com");

describe("AWS is foreseen to accept", () => {
  it.each<readonly [string, Spoils]>([
    ["ecr-public", { upstreamRegistryUrl: set("public.ecr.aws"), credentialArn: unset }],
    ["k8s", { upstreamRegistryUrl: set("registry.k8s.io"), credentialArn: unset }],
    ["quay", { upstreamRegistryUrl: set("quay.io"), credentialArn: unset }],
    ["docker-hub", {}],
    ["github-container-registry", { upstreamRegistryUrl: set("ghcr.io") }],
    ["gitlab-container-registry", { upstreamRegistryUrl: set("registry.gitlab.com") }],
    ["azure-container-registry", { upstreamRegistryUrl: set("contoso.azurecr.io") }],
    ["chainguard", { upstreamRegistryUrl: set("cgr.dev") }],
    ["ecr", { upstreamRegistryUrl: ecr, credentialArn: unset, customRoleArn: set(role) }],
  ])("a rule for %s, named or not", (name, spoils) => {
    expect(foresee(spoils)).toEqual({ refusals: [], undecided: [] });
    expect(foresee({ ...spoils, upstreamRegistry: set(name) })).toEqual({ refusals: [], undecided: [] });
  });

  it.each([
    ["aws", "eu-west-1", "amazonaws.com"],
    ["aws-cn", "cn-north-1", "amazonaws.com.cn"],
    ["aws-us-gov", "us-gov-west-1", "amazonaws.com"],
    ["aws-eusc", "eusc-de-east-1", "amazonaws.eu"],
    ["aws-iso", "us-iso-east-1", "c2s.ic.gov"],
    ["aws-iso-b", "us-isob-east-1", "sc2s.sgov.gov"],
    ["aws-iso-e", "eu-isoe-west-1", "cloud.adc-e.uk"],
    ["aws-iso-f", "us-isof-south-1", "csp.hci.ic.gov"],
  ])("credentials, roles and ECR upstreams of the partition %s", (partition, region, suffix) => {
    const location = { account: HERE.account, region };
    const secret = `arn:${partition}:secretsmanager:${region}:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf`;
    expect(refusedBy({ credentialArn: set(secret) }, location)).toEqual([]);
    const upstreamRegistryUrl = set(`444455556666.dkr.ecr.${region}.${suffix}`);
    const customRoleArn = set(`arn:${partition}:iam::111122223333:role/ecr-pull`);
    expect(refusedBy({ upstreamRegistryUrl, credentialArn: unset, customRoleArn }, location)).toEqual([]);
    const foreign = secret.replace(`arn:${partition}:`, partition === "aws" ? "arn:aws-cn:" : "arn:aws:");
    expect(refusedBy({ credentialArn: set(foreign) }, location)).toEqual([
      "SecretNotFoundException credentialArn",
    ]);
  });

  it.each(["ab", "a".repeat(30), "a/b", "a/b/", "a.b_c__d--e", "ROOT"])("the prefix %s", (prefix) => {
    expect(refusedBy({ ecrRepositoryPrefix: set(prefix) })).toEqual([]);
  });

  it("an ECR upstream of another account without a role, which the policy evaluates", () => {
    expect(refusedBy({ upstreamRegistryUrl: ecr, credentialArn: unset })).toEqual([]);
  });
});

describe("AWS is foreseen to refuse", () => {
  it.each<readonly [string, Spoils, readonly string[]]>([
    ["no prefix", { ecrRepositoryPrefix: unset }, ["InvalidParameterException ecrRepositoryPrefix"]],
    ["an empty prefix", { ecrRepositoryPrefix: set("") }, ["InvalidParameterException ecrRepositoryPrefix"]],
    ["a short prefix", { ecrRepositoryPrefix: set("a") }, ["InvalidParameterException ecrRepositoryPrefix"]],
    [
      "a long prefix",
      { ecrRepositoryPrefix: set("a".repeat(31)) },
      ["InvalidParameterException ecrRepositoryPrefix"],
    ],
    ["capitals", { ecrRepositoryPrefix: set("Hub") }, ["InvalidParameterException ecrRepositoryPrefix"]],
    [
      "a slash before",
      { ecrRepositoryPrefix: set("/hub") },
      ["InvalidParameterException ecrRepositoryPrefix"],
    ],
    [
      "ROOT within",
      { ecrRepositoryPrefix: set("ROOT/a") },
      ["InvalidParameterException ecrRepositoryPrefix"],
    ],
    ["no URL", { upstreamRegistryUrl: unset }, ["InvalidParameterException upstreamRegistryUrl"]],
    ["an empty URL", { upstreamRegistryUrl: set("") }, ["InvalidParameterException upstreamRegistryUrl"]],
    [
      "another registry",
      { upstreamRegistryUrl: set("mirror.example.com") },
      ["UnsupportedUpstreamRegistryException upstreamRegistryUrl"],
    ],
    [
      "an ECR look-alike",
      { upstreamRegistryUrl: set("444455556666.dkr.ecr.eu-west-1.amazonaws.com.evil.io") },
      ["UnsupportedUpstreamRegistryException upstreamRegistryUrl"],
    ],
    [
      "a URL with a scheme",
      { upstreamRegistryUrl: set("https://registry-1.docker.io") },
      ["UnsupportedUpstreamRegistryException upstreamRegistryUrl"],
    ],
    [
      "an upstream that is not the URL's",
      { upstreamRegistry: set("quay") },
      ["UnsupportedUpstreamRegistryException upstreamRegistryUrl"],
    ],
    ["no credential", { credentialArn: unset }, ["UnsupportedUpstreamRegistryException credentialArn"]],
    [
      "a secret of another name",
      { credentialArn: set("arn:aws:secretsmanager:eu-west-1:111122223333:secret:docker-hub-AbCdEf") },
      ["InvalidParameterException credentialArn"],
    ],
    [
      "no ARN",
      { credentialArn: set("ecr-pullthroughcache/docker-hub") },
      ["InvalidParameterException credentialArn"],
    ],
    [
      "a secret of another account",
      { credentialArn: set(SECRET.replace("111122223333", "444455556666")) },
      ["SecretNotFoundException credentialArn"],
    ],
    [
      "a secret of another region",
      { credentialArn: set(SECRET.replace("eu-west-1", "us-east-1")) },
      ["SecretNotFoundException credentialArn"],
    ],
    [
      "a needless credential",
      { upstreamRegistryUrl: set("quay.io") },
      ["InvalidParameterException credentialArn"],
    ],
    ["a needless role", { customRoleArn: set(role) }, ["InvalidParameterException customRoleArn"]],
    [
      "a role of another account",
      {
        upstreamRegistryUrl: ecr,
        credentialArn: unset,
        customRoleArn: set(role.replace("111122223333", "444455556666")),
      },
      ["InvalidParameterException customRoleArn"],
    ],
    [
      "no role",
      { upstreamRegistryUrl: ecr, credentialArn: unset, customRoleArn: set("ecr-pull-base") },
      ["InvalidParameterException customRoleArn"],
    ],
    [
      "an upstream prefix on ROOT",
      { ecrRepositoryPrefix: set("ROOT"), upstreamRepositoryPrefix: set("library") },
      ["InvalidParameterException upstreamRepositoryPrefix"],
    ],
    [
      "an upstream prefix that is none",
      { upstreamRepositoryPrefix: set("Library") },
      ["InvalidParameterException upstreamRepositoryPrefix"],
    ],
  ])("%s", (_what, spoils, refused) => {
    expect(refusedBy(spoils)).toEqual(refused);
  });

  it("each parameter for one reason, and all of them at once", () => {
    const spoils = {
      ecrRepositoryPrefix: set("Hub"),
      upstreamRegistryUrl: set("quay.io"),
      customRoleArn: set("x"),
    };
    expect(refusedBy(spoils)).toEqual([
      "InvalidParameterException ecrRepositoryPrefix",
      "InvalidParameterException customRoleArn",
      "InvalidParameterException credentialArn",
    ]);
  });
});

describe("what cannot be predicted", () => {
  it.each<readonly [string, Spoils, readonly RuleParameter[]]>([
    ["an unknown credential", { credentialArn: unknown("is known later") }, ["credentialArn"]],
    [
      "an upstream of a later day",
      { upstreamRegistry: set("new-registry"), upstreamRegistryUrl: set("new.io") },
      ["upstreamRegistry"],
    ],
    [
      "a dual-stack host",
      { upstreamRegistryUrl: set("444455556666.dkr-ecr.eu-west-1.on.aws"), credentialArn: unset },
      ["upstreamRegistryUrl"],
    ],
    [
      "an Azure name with a hyphen",
      { upstreamRegistryUrl: set("contoso-a1b2.azurecr.io") },
      ["upstreamRegistryUrl"],
    ],
  ])("is %s", (_what, spoils, undecided) => {
    expect(foresee(spoils)).toEqual({ refusals: [], undecided });
  });
});
