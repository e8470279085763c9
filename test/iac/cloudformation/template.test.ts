import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/core/problem.ts";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { packageFile } from "../../../src/package-file.ts";
import { anywhere, deployment, templateOf } from "../support.ts";

const head = `
Parameters:
  Prefix: { Type: String, Default: quay }
  Open: { Type: String }
  Names: { Type: CommaDelimitedList, Default: "one, two" }
  Stored: { Type: "AWS::SSM::Parameter::Value<String>", Default: /prefix }
Mappings:
  Map: { eu-west-1: { prefix: mapped } }
Conditions:
  Yes: !Equals [!Ref Prefix, quay]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Condition No]
  Either: !Or [!Condition Yes, !Equals [!Ref Open, x]]
  Undecided: !Equals [!Ref Open, x]
  Circular: !Condition Circular
`;

/** What a template's rule has as prefix. */
function prefixFrom(expression: string, at = deployment()) {
  const text = `${head}Resources:
  Rule:
    Type: AWS::ECR::PullThroughCacheRule
    Properties:
      EcrRepositoryPrefix: ${expression}
`;
  return rulesInFile(text, "t.yaml", at).rules[0]?.parameters.ecrRepositoryPrefix;
}

function resources(text: string, at = deployment()) {
  return rulesInFile(`${head}Resources:\n${text}`, "t.yaml", at).rules;
}

function notReadIn(text: string) {
  return rulesInFile(`${head}Resources:\n${text}`, "t.yaml", deployment()).notRead;
}

describe("a property of a rule", () => {
  it.each([
    ["quay", "quay"],
    ["012345678901", "012345678901"],
    ["!Ref Prefix", "quay"],
    ["{ Ref: Prefix }", "quay"],
    ["!Sub ${Prefix}-cache", "quay-cache"],
    ["!Sub ['${A}-${Prefix}', { A: !Ref Prefix }]", "quay-quay"],
    ["!Sub ${!Prefix}", "${Prefix}"],
    ["!Join ['/', [a, !Ref Prefix]]", "a/quay"],
    ["!Join ['', [a, !Ref AWS::NoValue, b]]", "ab"],
    ["!Select [1, !Ref Names]", "two"],
    ["!Select ['0', !Split [':', 'a:b']]", "a"],
    ["!FindInMap [Map, !Ref AWS::Region, prefix]", "mapped"],
    ["!FindInMap [Map, nowhere, prefix, { DefaultValue: usual }]", "usual"],
    ["!If [Yes, a, b]", "a"],
    ["!If [No, a, b]", "b"],
    ["!If [Both, a, b]", "b"],
    ["!If [Either, a, b]", "a"],
    [
      "!Sub ${AWS::AccountId}.${AWS::Region}.${AWS::Partition}.${AWS::URLSuffix}",
      "111122223333.eu-west-1.aws.amazonaws.com",
    ],
  ])("that is %s is %s", (expression, value) => {
    expect(prefixFrom(expression)).toEqual({ state: "set", value });
  });

  it.each([
    ["!Ref Open", "depends on the parameter Open, which has no default"],
    ["!Ref Stored", "SSM Parameter Store"],
    ["!Ref Elsewhere", "known only after deployment"],
    ["!GetAtt Secret.Arn", "Fn::GetAtt, which is known only after deployment"],
    ["!ImportValue shared", "Fn::ImportValue"],
    ["!Sub '${Secret.Arn}'", "Secret.Arn"],
    ["!Sub '${AWS::StackName}'", "AWS::StackName"],
    ["!If [Undecided, a, b]", "depends on the condition Undecided"],
    ["!If [Circular, a, b]", "depends on the condition Circular"],
    ["!Select [7, !Ref Names]", "Fn::Select"],
    ["!Select [0, !Split [':', !Ref Open]]", "parameter Open"],
    ["!Join [!Ref Open, [a]]", "joined with an unknown delimiter"],
    ["!FindInMap [Map, !Ref Open, prefix]", "parameter Open"],
    ["!FindInMap [Map, nowhere, prefix]", "Fn::FindInMap"],
    ["'{{resolve:ssm:/prefix}}'", "dynamic reference"],
    ["[a]", "is not a text"],
    ["{ a: b }", "is not a text"],
  ])("that is %s is unknown, and says why", (expression, why) => {
    expect(prefixFrom(expression)).toEqual({
      state: "unknown",
      why: expect.stringContaining(why),
      template: null,
    });
  });

  it("that is AWS::NoValue or null is not set", () => {
    expect(prefixFrom("!Ref AWS::NoValue")).toEqual({ state: "unset" });
    expect(prefixFrom("!If [No, a, !Ref AWS::NoValue]")).toEqual({ state: "unset" });
    expect(prefixFrom("null")).toEqual({ state: "unset" });
  });

  it("takes the parameters that are given", () => {
    expect(prefixFrom("!Ref Open", deployment({}, { Open: "given" }))).toEqual({
      state: "set",
      value: "given",
    });
    expect(prefixFrom("!Select [0, !Ref Names]", deployment({}, { Names: "three" }))).toEqual({
      state: "set",
      value: "three",
    });
  });

  it("that lacks nothing but its place keeps a hole for it", () => {
    expect(prefixFrom("!Sub a-${AWS::Region}", anywhere)).toEqual({
      state: "unknown",
      why: "depends on AWS::Region: see --region",
      template: "a-${AWS::Region}",
    });
  });

  it("that is unknown makes no file grow, however often aliases name it", () => {
    const lines = Array.from(
      { length: 40 },
      (_, n) => `  a${n + 1}: &a${n + 1} !Join ['', [*a${n}, *a${n}]]`,
    );
    const text = `Metadata:\n  a0: &a0 !Ref Open\n${lines.join("\n")}\nResources:\n  Rule:\n    Type: AWS::ECR::PullThroughCacheRule\n    Properties: { EcrRepositoryPrefix: *a40 }\n`;
    expect(rulesInFile(text, "t.yaml").rules[0]?.parameters.ecrRepositoryPrefix).toMatchObject({
      state: "unknown",
    });
  });
});

describe("a resource", () => {
  const rule = (id: string, more = "") =>
    `  ${id}:\n    Type: AWS::ECR::PullThroughCacheRule\n${more}    Properties: { EcrRepositoryPrefix: quay }\n`;

  it("has its logical id as address and its line", () => {
    const found = resources(`${rule("A")}${rule("B")}`).map(({ address, line }) => [address, line]);
    expect(found).toEqual([
      ["A", 17],
      ["B", 20],
    ]);
  });

  it("has its line in JSON too", () => {
    const text = JSON.stringify(JSON.parse(templateOf({ A: {}, B: {} })), null, 2);
    expect(rulesInFile(text, "t.json").rules.map(({ line }) => line)).toEqual([3, 7]);
  });

  it("that a condition rules out is none, and one that is not decided may come", () => {
    const text = `${rule("A", "    Condition: No\n")}${rule("B", "    Condition: Yes\n")}${rule("C", "    Condition: Undecided\n")}`;
    expect(resources(text).map(({ address, isCertain }) => [address, isCertain])).toEqual([
      ["B", true],
      ["C", false],
    ]);
  });

  it("of another type is none", () => {
    expect(resources("  Repository: { Type: AWS::ECR::Repository }\n")).toEqual([]);
  });

  it("without properties has none of them", () => {
    expect(resources("  A: { Type: AWS::ECR::PullThroughCacheRule }\n")[0]?.parameters.credentialArn).toEqual(
      {
        state: "unset",
      },
    );
  });

  it("has the properties that Fn::If leaves", () => {
    const text = (condition: string) =>
      `  A:\n    Type: AWS::ECR::PullThroughCacheRule\n    Properties: !If [${condition}, { EcrRepositoryPrefix: a }, { EcrRepositoryPrefix: b }]\n`;
    expect(resources(text("No"))[0]?.parameters.ecrRepositoryPrefix).toEqual({ state: "set", value: "b" });
    expect(resources(text("Undecided"))[0]?.parameters.ecrRepositoryPrefix).toMatchObject({
      state: "unknown",
    });
  });
});

describe("a loop", () => {
  const loop = (collection: string, type = "AWS::ECR::PullThroughCacheRule") => `  Fn::ForEach::Rules:
    - Name
    - ${collection}
    - Rule\${Name}:
        Type: ${type}
        Properties:
          EcrRepositoryPrefix: !Sub cache-\${Name}
          UpstreamRegistryUrl: !Ref Name
`;

  it("is unrolled", () => {
    const rules = resources(loop("!Ref Names"));
    expect(
      rules.map(({ address, parameters }) => [
        address,
        parameters.ecrRepositoryPrefix,
        parameters.upstreamRegistryUrl,
      ]),
    ).toEqual([
      ["Ruleone", { state: "set", value: "cache-one" }, { state: "set", value: "one" }],
      ["Ruletwo", { state: "set", value: "cache-two" }, { state: "set", value: "two" }],
    ]);
  });

  it("over what is not known may bring rules, if it can bring any", () => {
    expect(notReadIn(loop("!Split [',', !Ref Open]"))).toMatchObject([
      { address: "Fn::ForEach::Rules", line: 17, why: expect.stringContaining("is a loop over values") },
    ]);
    expect(notReadIn(loop("!Split [',', !Ref Open]", "AWS::ECR::Repository"))).toEqual([]);
  });

  it("that is a macro may bring rules", () => {
    expect(notReadIn("  Fn::Transform: { Name: AWS::Include }\n")).toMatchObject([
      { address: "Fn::Transform" },
    ]);
  });
});

describe("the example", () => {
  it("has four rules, and knows all of them once it is deployed", () => {
    const text = readFileSync(packageFile("examples/cloudformation/cache.yaml"), "utf8");
    const at = deployment({}, { BaseAccount: "444455556666", Stage: "test" });
    const { rules, parameters } = rulesInFile(text, "cache.yaml", at);
    expect(parameters).toEqual(["Stage", "BaseAccount", "AWS::StackName"]);
    expect(rules.map(({ address }) => address)).toEqual(["DockerHub", "EcrPublic", "Base"]);
    expect(rules[1]?.parameters.ecrRepositoryPrefix).toEqual({ state: "set", value: "ecr-public-test" });
    expect(rules[2]?.parameters.upstreamRegistryUrl).toEqual({
      state: "set",
      value: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
    });
  });
});

describe("what is no template is refused with its lines:", () => {
  it.each([
    ["broken YAML", "Resources:\n  A: [1\n", "line 3"],
    ["broken JSON", '{ "Resources": { "A": } ', "line 1"],
    ["a key twice", "Resources: {}\nResources: {}\n", "line 2"],
    ["other YAML", "a: b\n", "is not a Terraform plan"],
    ["nothing", "", "is not a Terraform plan"],
    ["an alias of itself", "Resources: &a\n  A: *a\n", "contains itself through an alias"],
  ])("%s", (_what, text, problem) => {
    expect(() => rulesInFile(text, "t.yaml")).toThrow(ConfigurationError);
    expect(() => rulesInFile(text, "t.yaml")).toThrow(problem);
  });

  it("one that is nested too deeply", () => {
    expect(() => rulesInFile("[".repeat(20_000), "t.yaml")).toThrow(ConfigurationError);
  });
});
