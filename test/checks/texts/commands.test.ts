import { describe, expect, it } from "vitest";
import { adviceText } from "../../../src/core/advice.ts";
import {
  arnIn,
  aws,
  createRule,
  deleteRule,
  giveNewSecret,
  recreateRule,
  updateRule,
} from "../../../src/ecr/commands.ts";

const place = { account: "111122223333", region: "eu-west-1", prefix: "base/" };
const parts = {
  upstreamRegistryUrl: "quay.io",
  upstreamRepositoryPrefix: "ROOT",
  credentialArn: null,
  customRoleArn: null,
};

describe("aws", () => {
  it("leaves out options without a value", () => {
    expect(aws("ecr do-it", place, { "with-this": "a", "and-this": null }).command).toBe(
      "aws ecr do-it --region eu-west-1 --with-this a",
    );
  });

  it.each([
    { given: "arn:aws:iam::1:role/a_b+c=d,e.f@g-h%i", quoted: "arn:aws:iam::1:role/a_b+c=d,e.f@g-h%i" },
    { given: "two words", quoted: "'two words'" },
    { given: "x; rm -rf ~", quoted: "'x; rm -rf ~'" },
    { given: "$(id)", quoted: "'$(id)'" },
    { given: "`id`", quoted: "'`id`'" },
    { given: "it's", quoted: "'it'\\''s'" },
    { given: "", quoted: "''" },
  ])("quotes $given for the shell", ({ given, quoted }) => {
    expect(aws("ecr do-it", place, { with: given }).command).toBe(
      `aws ecr do-it --region eu-west-1 --with ${quoted}`,
    );
  });
});

describe("createRule", () => {
  it("names only what the rule has", () => {
    expect(createRule(place, parts).command).toBe(
      "aws ecr create-pull-through-cache-rule --region eu-west-1 --ecr-repository-prefix base/ --upstream-registry-url quay.io",
    );
  });

  it("names all that the rule has", () => {
    const all = {
      upstreamRegistryUrl: "quay.io",
      upstreamRepositoryPrefix: "team",
      credentialArn: "SECRET_ARN",
      customRoleArn: "ROLE_ARN",
    };
    expect(createRule(place, all).command).toBe(
      "aws ecr create-pull-through-cache-rule --region eu-west-1 --ecr-repository-prefix base/ --upstream-registry-url quay.io --upstream-repository-prefix team --credential-arn SECRET_ARN --custom-role-arn ROLE_ARN",
    );
  });
});

describe("updateRule", () => {
  it("names the rule and what changes", () => {
    expect(updateRule(place, { "credential-arn": "SECRET_ARN" }).command).toBe(
      "aws ecr update-pull-through-cache-rule --region eu-west-1 --ecr-repository-prefix base/ --credential-arn SECRET_ARN",
    );
  });
});

describe("recreateRule", () => {
  it("deletes before it creates, and states the effect on pulls", () => {
    expect(adviceText(recreateRule(place, parts))).toBe(
      `In account 111122223333, delete the rule: ${deleteRule(place).command}; then create it again: ${createRule(place, parts).command}; cached images can be pulled throughout, other images only afterwards.`,
    );
  });

  it("may create a rule with another prefix", () => {
    const successor = { ...place, prefix: "tools" };
    const words = adviceText(recreateRule({ ...place, prefix: "ROOT" }, parts, successor));
    expect(words).toContain(
      "delete-pull-through-cache-rule --region eu-west-1 --ecr-repository-prefix ROOT;",
    );
    expect(words).toContain(createRule(successor, parts).command);
  });
});

describe("giveNewSecret", () => {
  it("makes a secret that ECR can read, and names it in the rule", () => {
    const words = adviceText(giveNewSecret(place));
    expect(words).toContain("In account 111122223333");
    expect(words).toContain(
      "aws secretsmanager create-secret --region eu-west-1 --name ecr-pullthroughcache/base --secret-string file://credential.json;",
    );
    expect(words).toContain(updateRule(place, { "credential-arn": "SECRET_ARN" }).command);
  });
});

describe("arnIn", () => {
  it.each([
    { service: "iam", region: "eu-west-1", arn: "arn:aws:iam::111122223333:role/a" },
    {
      service: "secretsmanager",
      region: "eu-west-1",
      arn: "arn:aws:secretsmanager:eu-west-1:111122223333:role/a",
    },
    { service: "iam", region: "cn-north-1", arn: "arn:aws-cn:iam::111122223333:role/a" },
  ] as const)("of $service in $region is $arn", ({ service, region, arn }) => {
    expect(arnIn(service, { ...place, region }, "role/a")).toBe(arn);
  });
});
