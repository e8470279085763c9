import { describe, expect, it } from "vitest";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { delivered, deployment, evaluate, evaluateRead, goodProperties, templateOf } from "../support.ts";

function notRead(resources: string) {
  return rulesInFile(`Parameters: { Open: { Type: String } }\nResources:\n${resources}`, "stacks/t.yaml")
    .notRead;
}

describe("what brings resources from elsewhere is said", () => {
  it.each([
    [
      "a nested stack",
      "{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./child.yaml } }",
      "./child.yaml",
    ],
    [
      "a nested stack in S3",
      "{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: 'https://b.s3.amazonaws.com/c' } }",
      null,
    ],
    [
      "a nested stack of the CDK",
      "{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Sub 'https://b/c' }, Metadata: { 'aws:asset:path': N.nested.template.json } }",
      "N.nested.template.json",
    ],
    [
      "a nested stack that is not known",
      "{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Ref Open } }",
      null,
    ],
    [
      "a serverless application",
      "{ Type: AWS::Serverless::Application, Properties: { Location: apps/child.yaml } }",
      "apps/child.yaml",
    ],
    [
      "one of the repository",
      "{ Type: AWS::Serverless::Application, Properties: { Location: { ApplicationId: a } } }",
      null,
    ],
    [
      "a stack set in S3",
      "{ Type: AWS::CloudFormation::StackSet, Properties: { TemplateURL: 'https://b' } }",
      null,
    ],
    [
      "a stack set that is not known",
      "{ Type: AWS::CloudFormation::StackSet, Properties: { TemplateBody: !Ref Open } }",
      null,
    ],
    [
      "a stack set that is no template",
      "{ Type: AWS::CloudFormation::StackSet, Properties: { TemplateBody: 'a: [' } }",
      null,
    ],
    ["a module", "{ Type: Mine::Cache::Rules::MODULE }", null],
    ["a product", "{ Type: AWS::ServiceCatalog::CloudFormationProvisionedProduct }", null],
    ["a type by function", "{ Type: !Ref Open }", null],
    ["an include", "{ Fn::Transform: { Name: AWS::Include } }", null],
    ["nothing", "", null],
    ["a text", "text", null],
  ])("%s", (_what, body, heldBy) => {
    expect(notRead(`  S: ${body}\n`)).toMatchObject([
      { file: "stacks/t.yaml", address: "S", line: 3, heldBy },
    ]);
  });

  it("as one UNKNOWN that counts, and not for a condition that is false", () => {
    const stack = "Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: x.yaml }";
    const text = (condition: string) =>
      `Conditions: { Yes: !Equals [a, a], No: !Equals [a, b] }\nResources:\n  S: { Condition: '${condition}', ${stack} }\n`;
    const report = evaluate([text("Yes")]);
    expect(report.status).toBe("incomplete");
    expect(report.findings).toMatchObject([
      { status: "UNKNOWN", check: "creation-refused", kind: "not-read", prefix: null, address: "S" },
    ]);
    expect(evaluate([text("No")]).findings).toEqual([]);
  });

  it("and no more if the file that holds it is given", () => {
    const parent = rulesInFile(
      "Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ../child.yaml } } }",
      "./stacks/parent.yaml",
    );
    const child = (file: string) => rulesInFile(templateOf({ R: goodProperties }), file, deployment());
    expect(delivered(evaluateRead([parent, child("child.yaml")]).findings, "UNKNOWN")).toEqual([]);
    expect(delivered(evaluateRead([child("./child.yaml"), parent]).findings, "UNKNOWN")).toEqual([]);
    expect(delivered(evaluateRead([parent, child("stacks/child.yaml")]).findings, "UNKNOWN")).toEqual([
      "S creation-refused not-read",
    ]);
  });

  it.each([
    "AWS::SNS::Topic",
    "AWS::CloudFormation::WaitCondition",
    "Custom::Thing",
    "AWS::Serverless::Function",
  ])("and not of a %s", (type) => {
    expect(notRead(`  S: { Type: ${type} }\n`)).toEqual([]);
  });

  it("of modules that are packaged", () => {
    const text = "Modules:\n  Cache: { Source: ./cache.yaml }\nResources: {}\n";
    expect(rulesInFile(text, "t.yaml").notRead).toMatchObject([
      { address: "Cache", line: 2, heldBy: "./cache.yaml" },
    ]);
  });
});

describe("a stack set", () => {
  const inner = (properties: object) => JSON.stringify(JSON.parse(templateOf({ R: properties })));
  const stackSet = (body: unknown, more: object = {}) =>
    JSON.stringify({
      Resources: {
        Set: { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody: body, ...more } },
      },
    });

  it("is read, with addresses within it and its own place", () => {
    const { rules } = rulesInFile(stackSet(inner(goodProperties)), "t.json", deployment());
    expect(rules).toMatchObject([
      { address: "Set/R", line: 1, location: { account: null, region: null }, isCertain: true },
    ]);
  });

  it("is judged in the place of its instances, if there is one", () => {
    const group = (accounts: readonly string[], regions: readonly string[]) => ({
      StackInstancesGroup: [{ DeploymentTargets: { Accounts: accounts }, Regions: regions }],
    });
    const at = (more: object) =>
      rulesInFile(stackSet(inner(goodProperties), more), "t.json", deployment()).rules[0]?.location;
    expect(at(group(["111122223333"], ["eu-west-1"]))).toEqual({
      account: "111122223333",
      region: "eu-west-1",
    });
    expect(at(group(["111122223333", "444455556666"], ["eu-west-1"]))).toEqual({
      account: null,
      region: "eu-west-1",
    });
    expect(at(group(["111122223333"], ["eu-west-1", "us-east-1"]))).toEqual({
      account: "111122223333",
      region: null,
    });
    const units = {
      DeploymentTargets: { OrganizationalUnitIds: ["ou-x"], Accounts: ["111122223333"] },
      Regions: ["a"],
    };
    expect(at({ StackInstancesGroup: [units] })).toEqual({ account: null, region: "a" });
  });

  it("takes its parameters", () => {
    const text = JSON.stringify({
      Parameters: { Prefix: { Type: "String" } },
      Resources: {
        R: { Type: "AWS::ECR::PullThroughCacheRule", Properties: { EcrRepositoryPrefix: { Ref: "Prefix" } } },
      },
    });
    const more = { Parameters: [{ ParameterKey: "Prefix", ParameterValue: { "Fn::Sub": "quay" } }] };
    expect(rulesInFile(stackSet(text, more), "t.json").rules[0]?.parameters.ecrRepositoryPrefix).toEqual({
      state: "set",
      value: "quay",
    });
  });

  it("is no registry of the stack that holds it", () => {
    const own = { Type: "AWS::ECR::PullThroughCacheRule", Properties: { ...goodProperties } };
    const both = JSON.parse(stackSet(inner(goodProperties)));
    both.Resources.R = own;
    expect(delivered(evaluate([JSON.stringify(both)]).findings, "FAIL")).toEqual([]);
  });

  it("in a stack set in a stack set ends somewhere", () => {
    const nested = Array.from({ length: 6 }).reduce<string>((text) => stackSet(text), inner(goodProperties));
    const { rules, notRead: unread } = rulesInFile(nested, "t.json");
    expect(rules).toEqual([]);
    expect(unread).toHaveLength(1);
  });
});

describe("further documents", () => {
  const document = (prefix: string) =>
    `Resources:\n  R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { EcrRepositoryPrefix: ${prefix}, UpstreamRegistryUrl: quay.io } }\n`;

  it("are read, and said to be too many", () => {
    const { rules, notRead: unread } = rulesInFile(`${document("a1")}---\n${document("b1")}`, "t.yaml");
    expect(rules.map(({ address, line }) => [address, line])).toEqual([
      ["R", 2],
      ["#2/R", 5],
    ]);
    expect(unread).toMatchObject([{ address: "---", line: 4 }]);
  });

  it("that are empty are none", () => {
    expect(rulesInFile(`---\n${document("a1")}---\n# nothing\n...\n`, "t.yaml").notRead).toEqual([]);
  });
});
