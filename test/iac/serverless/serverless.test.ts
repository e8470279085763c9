import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { packageFile } from "../../../src/package-file.ts";
import { anywhere, deployment } from "../support.ts";

const head = `service: cache
provider: { name: aws }
custom: { prefix: quay, other: "\${opt:prefix}", nested: { name: docker-hub } }
base: &base { UpstreamRegistryUrl: quay.io }
`;

function prefixFrom(text: string, at = deployment()) {
  const file = `${head}resources:
  Resources:
    Rule:
      Type: AWS::ECR::PullThroughCacheRule
      Properties:
        <<: *base
        EcrRepositoryPrefix: ${text}
`;
  return rulesInFile(file, "serverless.yml", at).rules[0]?.parameters;
}

describe("a serverless.yml", () => {
  it.each([
    ["${self:custom.prefix}", "quay"],
    ["a-${self:custom.nested.name}", "a-docker-hub"],
    ["${aws:region}", "eu-west-1"],
    ["a${aws:accountId}", "a111122223333"],
    ["${param:name}", "given"],
    ["!Sub ${AWS::Region}", "eu-west-1"],
  ])("has %s resolved to %s", (text, value) => {
    expect(prefixFrom(text, deployment({}, { name: "given" }))?.ecrRepositoryPrefix).toEqual({
      state: "set",
      value,
    });
  });

  it.each([
    "${self:custom.other}",
    "${self:custom.missing}",
    "${opt:stage}",
    "${env:PREFIX, 'a'}",
    "${file(a.yml):b}",
    "${param:missing}",
    "${aws:region}-${sls:stage}",
  ])("does not know %s", (text) => {
    expect(prefixFrom(`"${text}"`)?.ecrRepositoryPrefix).toMatchObject({
      state: "unknown",
      why: expect.stringContaining("contains a variable"),
    });
  });

  it("has what a merge brings", () => {
    expect(prefixFrom("a")?.upstreamRegistryUrl).toEqual({ state: "set", value: "quay.io" });
  });

  it("without a place does not know its own", () => {
    expect(prefixFrom("${aws:region}", anywhere)?.ecrRepositoryPrefix).toMatchObject({ state: "unknown" });
  });

  it("may be a list of resources, some of them elsewhere", () => {
    const text = `${head}resources:
  - Resources:
      Rule: { Type: AWS::ECR::PullThroughCacheRule }
  - \${file(resources.yml)}
`;
    expect(rulesInFile(text, "serverless.yml").rules).toMatchObject([
      { address: "Rule", isCertain: true, line: 7 },
      { address: "resources[1]", isCertain: false, line: 8 },
    ]);
  });

  it("need not have any resources", () => {
    expect(rulesInFile(head, "serverless.yml")).toMatchObject({ format: "serverless", rules: [] });
  });

  it("knows its parameters", () => {
    const text = `${head}resources:\n  Parameters: { Prefix: { Type: String } }\n  Resources: {}\n`;
    expect(rulesInFile(text, "serverless.yml").parameters).toEqual(["Prefix"]);
  });

  it("of the examples has two rules", () => {
    const text = readFileSync(packageFile("examples/serverless/serverless.yml"), "utf8");
    const { rules } = rulesInFile(text, "serverless.yml");
    expect(rules.map(({ address, parameters }) => [address, parameters.ecrRepositoryPrefix])).toEqual([
      ["Quay", { state: "set", value: "quay" }],
      ["DockerHub", { state: "set", value: "docker-hub" }],
    ]);
  });
});
