import { describe, expect, it } from "vitest";
import { accessChange, parametersOf } from "../../src/ecr/rule.ts";

const rule = {
  ecrRepositoryPrefix: "base",
  upstreamRegistryUrl: "999988887777.dkr.ecr.us-east-1.amazonaws.com",
  upstreamRepositoryPrefix: "images",
  credentialArn: "a secret",
  customRoleArn: "a role",
};

describe("parametersOf", () => {
  it("has all that a rule has", () => {
    expect(parametersOf(rule)).toStrictEqual(rule);
  });

  it("leaves out what it lacks, and the part of an upstream that is cached as a whole", () => {
    const bare = { ...rule, upstreamRepositoryPrefix: "ROOT", credentialArn: null, customRoleArn: null };
    const { ecrRepositoryPrefix, upstreamRegistryUrl } = rule;
    expect(parametersOf(bare)).toStrictEqual({ ecrRepositoryPrefix, upstreamRegistryUrl });
  });
});

describe("accessChange", () => {
  it("has what is to be another, and null for what stays", () => {
    expect(accessChange(rule, { ...rule, credentialArn: "another" })).toEqual({
      credentialArn: "another",
      customRoleArn: null,
    });
    expect(accessChange(rule, { ...rule, customRoleArn: "another" })).toEqual({
      credentialArn: null,
      customRoleArn: "another",
    });
  });
});
