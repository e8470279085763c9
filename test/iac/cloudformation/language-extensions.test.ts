import { describe, expect, it } from "vitest";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { delivered, deployment, evaluate, SECRET } from "../support.ts";

const head = `Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: "a, b" }, Open: { Type: String } }
Mappings: { Map: { usual: { names: [a, b] } } }
Conditions:
  IsA: !Equals [a, a]
  IsB: !Equals [a, b]
  Fn::ForEach::Made:
    - N
    - !Ref Names
    - Made\${N}: !Equals [!Sub "\${N}", a]
`;

function read(resources: string, at = deployment()) {
  return rulesInFile(`${head}Resources:\n${resources}`, "t.yaml", at);
}

const rule = (more: string, condition = "") =>
  `  R:\n    Type: AWS::ECR::PullThroughCacheRule\n${condition === "" ? "" : `    Condition: ${condition}\n`}    Properties:\n${more}`;
const good = "      EcrRepositoryPrefix: quay\n      UpstreamRegistryUrl: quay.io\n";

describe("a condition that a function names", () => {
  it.each([
    ["!Sub IsA", ["R", true]],
    ["!Sub IsB", null],
    ["!Join ['', [Is, A]]", ["R", true]],
    ["!Sub 'Is${Open}'", ["R", false]],
    ["Madea", ["R", true]],
    ["Madeb", null],
    ["Nowhere", ["R", false]],
  ])("%s is decided: %j", (condition, expected) => {
    const found = read(rule(good, condition)).rules.map(({ address, isCertain }) => [address, isCertain]);
    expect(found).toEqual(expected === null ? [] : [expected]);
  });

  it("is decided in Fn::If and in other conditions too", () => {
    const prefix = (expression: string) =>
      read(rule(`      EcrRepositoryPrefix: ${expression}\n`)).rules[0]?.parameters.ecrRepositoryPrefix;
    expect(prefix("!If [!Sub IsA, a, b]")).toEqual({ state: "set", value: "a" });
    expect(prefix("!If [!Sub 'Is${Open}', a, b]")).toMatchObject({ state: "unknown" });
    expect(prefix("!If [Madeb, a, b]")).toEqual({ state: "set", value: "b" });
  });
});

describe("loops", () => {
  it("may stand in properties", () => {
    const { rules } = read(
      rule(
        "      Fn::ForEach::P:\n        - K\n        - [EcrRepositoryPrefix, UpstreamRegistryUrl]\n        - '${K}': quay.io\n",
      ),
    );
    expect(rules[0]?.parameters).toMatchObject({
      ecrRepositoryPrefix: { state: "set", value: "quay.io" },
      upstreamRegistryUrl: { state: "set", value: "quay.io" },
      credentialArn: { state: "unset" },
    });
  });

  it("in properties over values that are not known may set what is not set", () => {
    const loop = "      Fn::ForEach::P: [K, !Split [',', !Ref Open], { '${K}': x }]\n";
    expect(read(rule(`${good}${loop}`)).rules[0]?.parameters).toMatchObject({
      upstreamRegistryUrl: { state: "set", value: "quay.io" },
      credentialArn: { state: "unknown" },
    });
  });

  it("may stand within one another, with names of both", () => {
    const text = `  Fn::ForEach::A:
    - A
    - !FindInMap [Map, usual, names]
    - Fn::ForEach::B:
        - B
        - [x, y-z]
        - R\${A}&{B}:
            Type: AWS::ECR::PullThroughCacheRule
            Properties: { EcrRepositoryPrefix: !Sub "\${A}/\${B}", UpstreamRegistryUrl: quay.io }
`;
    expect(
      read(text).rules.map(({ address, parameters }) => [address, parameters.ecrRepositoryPrefix]),
    ).toEqual([
      ["Rax", { state: "set", value: "a/x" }],
      ["Rayz", { state: "set", value: "a/y-z" }],
      ["Rbx", { state: "set", value: "b/x" }],
      ["Rbyz", { state: "set", value: "b/y-z" }],
    ]);
  });

  it("that make secrets are followed", () => {
    const text = `  Fn::ForEach::A:
    - A
    - [hub]
    - Secret\${A}:
        Type: AWS::SecretsManager::Secret
        Properties: { Name: !Sub "\${A}/token" }
      R\${A}:
        Type: AWS::ECR::PullThroughCacheRule
        Properties: { EcrRepositoryPrefix: !Ref A, UpstreamRegistryUrl: ghcr.io, CredentialArn: !Ref "Secret\${A}" }
`;
    const { findings } = evaluate([`${head}Resources:\n${text}`]);
    expect(delivered(findings, "FAIL")).toContain("Rhub creation-refused InvalidParameterException");
  });

  it("of which one is closed leave the others open", () => {
    const text = `  Fn::ForEach::A: [A, !Split [",", !Ref Open], { "R\${A}": { Type: AWS::ECR::PullThroughCacheRule } }]
  Fn::ForEach::B: [B, [b], { "R\${B}": { Type: AWS::ECR::PullThroughCacheRule } }]
`;
    const found = read(text);
    expect(found.rules.map(({ address }) => address)).toEqual(["Rb"]);
    expect(found.notRead.map(({ address }) => address)).toEqual(["Fn::ForEach::A"]);
  });
});

describe("other functions", () => {
  it.each([
    ["!Length [a, b, c]", "3"],
    ["!Length [!Ref Names, b]", "2"],
    ["{ 'Fn::Length': !Ref Names }", "2"],
    ["!Ref { 'Fn::Sub': 'Names' }", null],
  ])("%s is %s", (expression, value) => {
    const found = read(rule(`      EcrRepositoryPrefix: ${expression}\n`)).rules[0]?.parameters;
    expect(found?.ecrRepositoryPrefix).toMatchObject(value === null ? { state: "unknown" } : { value });
  });
});

describe("macros", () => {
  const text = (parts: { top?: string; resources?: string; body?: string; properties?: string }) =>
    `${parts.top ?? ""}Resources:\n${parts.resources ?? ""}  R:\n    Type: AWS::ECR::PullThroughCacheRule\n${parts.body ?? ""}    Properties:\n${good}${parts.properties ?? ""}`;
  const saidOf = (parts: Parameters<typeof text>[0]) => {
    const { rules, notRead } = rulesInFile(text(parts), "t.yaml", deployment());
    const { parameters, isCertain } = rules[0] ?? {};
    return {
      url: parameters?.upstreamRegistryUrl.state,
      credential: parameters?.credentialArn.state,
      isCertain,
      notRead: notRead.map(({ address }) => address),
    };
  };
  const include = "{ Name: AWS::Include, Parameters: { Location: s3://b/k } }";
  const all = { url: "set", credential: "unset", isCertain: true, notRead: [] };

  it.each<readonly [string, Parameters<typeof text>[0], object]>([
    ["none", {}, all],
    [
      "those of AWS that write no rules",
      {
        top: "Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions, AWS::SecretsManager-2024-09-16]\n",
      },
      all,
    ],
    [
      "another over all",
      { top: "Transform: Mine\n" },
      { url: "unknown", credential: "unknown", isCertain: false, notRead: ["Transform"] },
    ],
    [
      "another over all, with parameters",
      { top: "Transform: [{ Name: Mine }]\n" },
      { url: "unknown", credential: "unknown", isCertain: false, notRead: ["Transform"] },
    ],
    ["an include over all", { top: `Transform: ${include}\n` }, { ...all, notRead: ["Transform"] }],
    [
      "an include among the resources",
      { resources: `  Fn::Transform: ${include}\n` },
      { ...all, notRead: ["Fn::Transform"] },
    ],
    [
      "another among the resources",
      { resources: "  Fn::Transform: { Name: Mine }\n" },
      { url: "unknown", credential: "unknown", isCertain: false, notRead: ["Fn::Transform"] },
    ],
    [
      "an include in the resource",
      { body: `    Fn::Transform: ${include}\n` },
      { ...all, credential: "unknown", isCertain: false },
    ],
    [
      "another in the resource",
      { body: "    Fn::Transform: { Name: Mine }\n" },
      { ...all, url: "unknown", credential: "unknown", isCertain: false },
    ],
    [
      "an include beside properties",
      { properties: `      Fn::Transform: ${include}\n` },
      { ...all, credential: "unknown" },
    ],
    [
      "another beside properties",
      { properties: "      Fn::Transform: { Name: Mine }\n" },
      { ...all, url: "unknown", credential: "unknown" },
    ],
    [
      "another for a property",
      { properties: "      CredentialArn: { Fn::Transform: { Name: Mine } }\n" },
      { ...all, credential: "unknown" },
    ],
  ])("make unknown what they may write: %s", (_what, parts, expected) => {
    expect(saidOf(parts)).toEqual(expected);
  });

  it("may add to a mapping", () => {
    const mapped = `Mappings:\n  M: { Fn::Transform: ${include}, a: { b: c } }\n${text({ properties: "      UpstreamRepositoryPrefix: !FindInMap [M, a, b]\n" })}`;
    expect(rulesInFile(mapped, "t.yaml").rules[0]?.parameters.upstreamRepositoryPrefix.state).toBe("unknown");
  });

  it("may change the conditions beside them", () => {
    const templateWith = (macro: string) =>
      `Conditions: { No: !Equals [a, b], ${macro} }\nResources:\n${rule(good, "No")}`;
    const rulesWith = (macro: string) => rulesInFile(templateWith(macro), "t.yaml").rules;
    expect(rulesWith(`Fn::Transform: ${include}`)).toEqual([]);
    expect(rulesWith("Fn::Transform: { Name: Mine }")).toMatchObject([{ address: "R", isCertain: false }]);
  });

  it("may write sections beside them", () => {
    const { rules, notRead } = rulesInFile(`Fn::Transform: ${include}\n${text({})}`, "t.yaml");
    expect(rules).toMatchObject([{ address: "R", isCertain: true }]);
    expect(notRead).toMatchObject([{ address: "Fn::Transform", line: 1 }]);
    expect(rulesInFile(`Fn::Transform: { Name: Mine }\n${text({})}`, "t.yaml").rules).toMatchObject([
      { isCertain: false },
    ]);
  });

  it("may write a resource of which the template tells no type", () => {
    const { rules, notRead } = rulesInFile(
      `Resources:\n  R: { Fn::Transform: ${include} }\n  S: { Properties: {} }\n`,
      "t.yaml",
    );
    expect(rules).toEqual([]);
    expect(notRead.map(({ address }) => address)).toEqual(["R", "S"]);
  });
});

describe("a dynamic reference", () => {
  it.each([
    "!Sub '{{resolve:ssm:/cache/${AWS::AccountId}/arn}}'",
    "'{{resolve:ssm:/cache/arn}}'",
    "!Join ['', ['{{resolve:ssm:/cache/', !Ref AWS::Region, '}}']]",
    "!Sub 'arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:{{resolve:ssm:/name}}'",
  ])("is unknown whether or not the place is known: %s", (expression) => {
    for (const place of [{}, { account: null, region: null }]) {
      const { rules } = read(rule(`${good}      CredentialArn: ${expression}\n`), deployment(place));
      expect(rules[0]?.parameters.credentialArn).toMatchObject({ state: "unknown", template: null });
    }
  });

  it("decides no condition", () => {
    const text = `Conditions: { C: !Equals ["{{resolve:ssm:/a}}", b] }\nResources:\n${rule(good, "C")}`;
    expect(rulesInFile(text, "t.yaml").rules).toMatchObject([{ isCertain: false }]);
  });
});

describe("the name of the stack", () => {
  it("can be given", () => {
    const text = rule("      EcrRepositoryPrefix: !Ref AWS::StackName\n");
    expect(read(text, deployment({}, { "AWS::StackName": "cache" })).rules[0]?.parameters).toMatchObject({
      ecrRepositoryPrefix: { state: "set", value: "cache" },
    });
    expect(read(text).rules[0]?.parameters.ecrRepositoryPrefix).toEqual({
      state: "unknown",
      why: "depends on AWS::StackName: see --parameter AWS::StackName=NAME",
      template: null,
    });
  });
});

it("finds names that YAML takes for booleans", () => {
  const text = `Parameters: { On: { Type: String, Default: yes } }
Conditions: { Yes: !Equals [!Ref On, "true"], No: !Not [!Condition Yes] }
Resources:
  A: { Type: AWS::ECR::PullThroughCacheRule, Condition: Yes, Properties: { CredentialArn: "${SECRET}" } }
  B: { Type: AWS::ECR::PullThroughCacheRule, Condition: No }
`;
  expect(rulesInFile(text, "t.yaml").rules).toMatchObject([{ address: "A", isCertain: true }]);
  expect(rulesInFile(text, "t.yaml", deployment({}, { On: "false" })).rules).toMatchObject([
    { address: "B" },
  ]);
});
