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

  it.each<readonly [string, string, string | null]>([
    ["a fallback of what is missing", "${self:custom.missing, 'quay'}", "quay"],
    ["a fallback by a variable", "${param:missing, self:custom.prefix}", "quay"],
    ["no fallback of what is there", "${self:custom.prefix, 'other'}", "quay"],
    ["a variable in a variable", "${self:custom.${self:custom.which}}", "quay"],
    ["a variable that is a variable", "${self:custom.alias}", "quay"],
    ["an unknown variable in a variable", "${self:custom.${opt:which}}", null],
    ["a variable of itself", "${self:custom.circle}", null],
    ["a part of another file", "${self:custom.far.name, 'x'}", null],
    ["a map in a text", "a-${self:custom.nested}", null],
  ])("resolves %s: %s", (_what, text, value) => {
    const more = head.replace(
      "custom: {",
      `custom: { which: prefix, alias: "\${self:custom.prefix}", far: "\${file(far.yml)}", circle: "\${self:custom.circle}",`,
    );
    const file = `${more}resources: { Resources: { R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { EcrRepositoryPrefix: "${text}" } } } }\n`;
    expect(rulesInFile(file, "serverless.yml").rules[0]?.parameters.ecrRepositoryPrefix).toMatchObject(
      value === null ? { state: "unknown" } : { state: "set", value },
    );
  });

  it.each<readonly [string, string, Record<string, string>, string | null]>([
    ["its default", "params: { default: { name: quay } }", {}, "quay"],
    ["what is given first", "params: { default: { name: quay } }", { name: "given" }, "given"],
    [
      "nothing that the stages differ in",
      "params: { default: { name: quay }, prod: { name: hub } }",
      {},
      null,
    ],
    ["what all stages share", "params: { default: { name: quay }, prod: { name: quay } }", {}, "quay"],
    ["nothing of one stage", "params: { prod: { name: quay } }", {}, null],
    ["its default in version 4", "stages: { default: { params: { name: quay } } }", {}, "quay"],
    ["nothing", "custom: {}", {}, null],
  ])("takes a parameter from %s", (_what, section, given, value) => {
    const file = `service: a\nprovider: { name: aws }\n${section}\nresources: { Resources: { R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { EcrRepositoryPrefix: "\${param:name}" } } } }\n`;
    const read = rulesInFile(file, "serverless.yml", deployment({}, given));
    expect(read.rules[0]?.parameters.ecrRepositoryPrefix).toMatchObject(
      value === null ? { state: "unknown" } : { state: "set", value },
    );
    expect(read.parameters).toContain("name");
  });

  it("resolves a part that is a map or a list of the file", () => {
    const file = `service: a
provider: { name: aws }
custom:
  resources:
    Rule: { Type: AWS::ECR::PullThroughCacheRule, Properties: "\${self:custom.properties}" }
  properties: { EcrRepositoryPrefix: quay, UpstreamRegistryUrl: quay.io }
resources: { Resources: "\${self:custom.resources}" }
`;
    const { rules, notRead } = rulesInFile(file, "serverless.yml");
    expect(rules).toMatchObject([
      { address: "Rule", line: 5, parameters: { ecrRepositoryPrefix: { value: "quay" } } },
    ]);
    expect(notRead).toEqual([]);
  });

  it.each<readonly [string, string, string, string | null]>([
    ["all of it", 'resources: "${file(a.yml)}"', "resources", "a.yml"],
    ["a part of the list", 'resources: ["${file(a.yml):part}"]', "resources[0]", null],
    ["its resources", 'resources: { Resources: "${file(a.yml)}" }', "resources.Resources", "a.yml"],
    [
      "the resources of a part",
      'resources: [{ Resources: "${file(a.yml)}" }]',
      "resources[0].Resources",
      "a.yml",
    ],
    ["a resource", 'resources: { Resources: { R: "${file(a.yml)}" } }', "R", "a.yml"],
    ["a resource of another place", 'resources: { Resources: { R: "${ssm:/rule}" } }', "R", null],
    ["a type", 'resources: { Resources: { R: { Type: "${opt:type}" } } }', "R", null],
    ["a part of the file that is elsewhere", 'resources: "${self:custom.other}"', "resources", null],
  ])("says that %s is in another place", (_what, resources, address, heldBy) => {
    expect(rulesInFile(`${head}${resources}\n`, "serverless.yml")).toMatchObject({
      rules: [],
      notRead: [{ address, line: 5, heldBy }],
    });
  });

  it("does not know the properties that are in another file", () => {
    const file = `${head}resources: { Resources: { R: { Type: AWS::ECR::PullThroughCacheRule, Properties: "\${file(a.yml)}" } } }\n`;
    expect(rulesInFile(file, "serverless.yml").rules[0]?.parameters.ecrRepositoryPrefix.state).toBe(
      "unknown",
    );
  });

  it("is one template, whatever the list divides", () => {
    const file = `${head}resources:
  - Resources: { S: { Type: AWS::SecretsManager::Secret, Properties: { Name: hub } } }
    Conditions: { No: !Equals [a, b] }
  - Resources:
      R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { CredentialArn: !Ref S } }
      T: { Type: AWS::ECR::PullThroughCacheRule, Condition: "No" }
`;
    const { rules } = rulesInFile(file, "serverless.yml");
    expect(rules).toMatchObject([{ address: "R", secret: { address: "S", name: { start: "hub" } } }]);
  });

  it("is read as YAML 1.2", () => {
    expect(prefixFrom("yes")?.ecrRepositoryPrefix).toEqual({ state: "set", value: "yes" });
    expect(prefixFrom("007")?.ecrRepositoryPrefix).toEqual({ state: "set", value: "7" });
  });

  it("has one document", () => {
    expect(rulesInFile(`${head}---\na: b\n`, "serverless.yml").notRead).toMatchObject([{ address: "---" }]);
  });

  it("without a place does not know its own", () => {
    expect(prefixFrom("${aws:region}", anywhere)?.ecrRepositoryPrefix).toMatchObject({ state: "unknown" });
  });

  it.each([
    ["cn-northwest-1", anywhere, "cn-northwest-1"],
    ["${param:region}", deployment({ region: null }, { region: "us-gov-west-1" }), "us-gov-west-1"],
    ["us-east-1", deployment(), "eu-west-1"],
    ["${opt:region}", anywhere, null],
    ["${opt:region, 'us-east-1'}", anywhere, null],
    ["Ireland", anywhere, null],
    ["[us-east-1]", anywhere, null],
  ])("whose provider is in %s has its rules there, unless the place is given", (named, at, region) => {
    const text = `service: cache
provider: { name: aws, region: ${named.startsWith("[") ? named : JSON.stringify(named)} }
resources: { Resources: { Rule: { Type: AWS::ECR::PullThroughCacheRule } } }
`;
    expect(rulesInFile(text, "serverless.yml", at).rules).toMatchObject([{ location: { region } }]);
  });

  it("may be a list of resources, some of them elsewhere", () => {
    const text = `${head}resources:
  - Resources:
      Rule: { Type: AWS::ECR::PullThroughCacheRule }
  - \${file(resources.yml)}
`;
    expect(rulesInFile(text, "serverless.yml")).toMatchObject({
      rules: [{ address: "Rule", isCertain: true, line: 7 }],
      notRead: [{ address: "resources[1]", line: 8, heldBy: "resources.yml" }],
    });
  });

  it("need not have any resources", () => {
    expect(rulesInFile(head, "serverless.yml")).toMatchObject({ format: "serverless", rules: [] });
  });

  it("knows its parameters", () => {
    const text = `${head}resources:\n  Parameters: { Prefix: { Type: String } }\n  Resources: {}\n`;
    expect(rulesInFile(text, "serverless.yml").parameters).toEqual(["Prefix", "AWS::StackName"]);
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
