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

  it("omits missing values, and the upstream prefix if the whole upstream is cached", () => {
    const bare = { ...rule, upstreamRepositoryPrefix: "ROOT", credentialArn: null, customRoleArn: null };
    const { ecrRepositoryPrefix, upstreamRegistryUrl } = rule;
    expect(parametersOf(bare)).toStrictEqual({ ecrRepositoryPrefix, upstreamRegistryUrl });
  });
});

describe("accessChange", () => {
  it("has the new values, and null for values that do not change", () => {
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
