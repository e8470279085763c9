import { describe, expect, it } from "vitest";
import { narrowsScope, scopeMisfits } from "../../../src/policy/matching/allowed.ts";
import type { AllowedUpstream } from "../../../src/policy/sections/allowed-upstreams.ts";
import { aRule } from "../../support/builders.ts";

function anEntry(scope: Omit<AllowedUpstream, "registry"> = {}): AllowedUpstream {
  return { registry: "ecr", ...scope };
}

describe("narrowsScope", () => {
  it.each([
    { scope: {}, narrows: false },
    { scope: { urls: ["*"], prefixes: ["base"], secretNames: ["*"], roleNames: ["*"] }, narrows: false },
    { scope: { accounts: ["*"] }, narrows: false },
    { scope: { regions: ["*"] }, narrows: false },
    { scope: { upstreamPrefixes: ["*"] }, narrows: true },
  ])("of $scope is $narrows", ({ scope, narrows }) => {
    expect(narrowsScope(anEntry(scope))).toBe(narrows);
  });
});

describe("scopeMisfits", () => {
  const rule = aRule({
    upstreamRegistryUrl: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
    upstreamRepositoryPrefix: "base/team",
  });

  it.each([
    { scope: {}, aspects: [] },
    { scope: { accounts: ["444455556666"], regions: ["us-*"], upstreamPrefixes: ["base"] }, aspects: [] },
    { scope: { accounts: ["111122223333", "4444*"] }, aspects: [] },
    { scope: { accounts: ["111122223333"] }, aspects: ["account"] },
    { scope: { regions: ["us-west-2", "eu-*"] }, aspects: ["region"] },
    { scope: { upstreamPrefixes: ["tools"] }, aspects: ["upstream-prefix"] },
    {
      scope: { accounts: ["1*"], regions: ["eu-*"], upstreamPrefixes: ["tools"] },
      aspects: ["account", "region", "upstream-prefix"],
    },
  ])("for $scope are $aspects", ({ scope, aspects }) => {
    expect(scopeMisfits(anEntry(scope), rule).map(({ aspect }) => aspect)).toEqual(aspects);
  });

  it("contain the given and the allowed values", () => {
    const scope = { accounts: ["1*"], regions: ["eu-*", "ap-*"], upstreamPrefixes: ["tools"] };
    expect(scopeMisfits(anEntry(scope), rule)).toEqual([
      { aspect: "account", given: "444455556666", allowed: ["1*"] },
      { aspect: "region", given: "us-east-1", allowed: ["eu-*", "ap-*"] },
      { aspect: "upstream-prefix", given: "base/team", allowed: ["tools"] },
    ]);
  });

  it("omit account and region of an upstream that is not an ECR registry", () => {
    const entry = anEntry({ accounts: ["1*"], regions: ["eu-*"] });
    expect(scopeMisfits(entry, aRule({ upstreamRegistryUrl: "registry.new.example" }))).toEqual([]);
  });
});
