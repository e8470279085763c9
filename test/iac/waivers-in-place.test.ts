import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/core/problem.ts";
import { rulesInFile } from "../../src/iac/rules-in-file.ts";
import { delivered, evaluate, goodProperties } from "./support.ts";

const waiver = { check: "prefix-*", reason: "old name", owner: "team-a", expires: "2099-01-31" };

function text(metadata: unknown, properties: object = {}) {
  const rule = {
    Type: "AWS::ECR::PullThroughCacheRule",
    Metadata: { "pull-through-auditor": metadata },
    Properties: { ...goodProperties, ...properties },
  };
  const other = {
    ...rule,
    Metadata: {},
    Properties: { EcrRepositoryPrefix: "other", UpstreamRegistryUrl: "quay.io" },
  };
  return JSON.stringify({ Resources: { Rule: rule, Other: other } });
}

const policy = { prefixes: { maxLength: 3 } };

describe("a waiver in the metadata of a rule", () => {
  it("waives its failures and no others, with its reason and end", () => {
    const { findings } = evaluate([text({ waivers: [{ ...waiver, ticket: "SEC-1" }] })], { policy });
    expect(delivered(findings, "WAIVED")).toEqual(["Rule prefix-convention prefix-length"]);
    expect(delivered(findings, "FAIL")).toEqual(["Other prefix-convention prefix-length"]);
    expect(findings.find(({ status }) => status === "WAIVED")?.waiver).toEqual({
      reason: "old name",
      owner: "team-a",
      ticket: "SEC-1",
      expires: "2099-01-31",
    });
  });

  it.each([
    ["that has ended", { ...waiver, expires: "2020-01-31" }],
    ["of another check", { ...waiver, check: "root-prefix" }],
  ])("%s waives nothing", (_what, other) => {
    expect(delivered(evaluate([text({ waivers: [other] })], { policy }).findings, "FAIL")).toContain(
      "Rule prefix-convention prefix-length",
    );
  });

  it("waives nothing that AWS refuses", () => {
    const waivers = [{ ...waiver, check: "*" }];
    expect(
      delivered(evaluate([text({ waivers }, { EcrRepositoryPrefix: "Hub" })]).findings, "FAIL"),
    ).toContain("Rule creation-refused InvalidParameterException");
  });

  it.each<readonly [unknown, string]>([
    [
      { waivers: [{ ...waiver, reason: undefined }] },
      "Rule pull-through-auditor $.waivers[0].reason is missing",
    ],
    [{ waivers: [{ ...waiver, expires: "soon" }] }, "must be a date such as 2027-01-31"],
    [{ waivers: [{ ...waiver, accounts: ["1"] }] }, "$.waivers[0].accounts is not a known key"],
    [{ waivers: waiver }, "$.waivers must be of type array"],
    [{ waiver: [] }, "$.waiver is not a known key"],
    ["text", "must be of type object"],
  ])("that is malformed is refused: %j", (metadata, problem) => {
    expect(() => rulesInFile(text(metadata), "t.json")).toThrow(ConfigurationError);
    expect(() => rulesInFile(text(metadata), "t.json")).toThrow(problem);
  });
});
