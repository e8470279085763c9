import { describe, expect, it } from "vitest";
import { anywhere, delivered, deployment, evaluate } from "../support.ts";

/** What is said of the creation of `R`, a rule for Docker Hub with this credential, beside these resources. */
function ofCredential(credential: string, resources: string, parts: Parameters<typeof evaluate>[1] = {}) {
  const text = `Parameters: { Open: { Type: String }, Token: { Type: String, NoEcho: true } }
Conditions: { IsOpen: !Equals [!Ref Open, x] }
Resources:
${resources}  R:
    Type: AWS::ECR::PullThroughCacheRule
    Properties: { EcrRepositoryPrefix: docker-hub, UpstreamRegistryUrl: registry-1.docker.io, CredentialArn: ${credential} }
`;
  return evaluate([text], parts).findings;
}

function creationOf(findings: ReturnType<typeof ofCredential>): string {
  const [first] = findings.filter(({ check, address }) => check === "creation-refused" && address === "R");
  return `${first?.status} ${first?.kind}`;
}

const secret = (properties: string) =>
  `  S: { Type: AWS::SecretsManager::Secret, Properties: { ${properties} } }\n  Key: { Type: AWS::KMS::Key }\n  Alias: { Type: AWS::KMS::Alias }\n`;
const name = "Name: ecr-pullthroughcache/hub";

describe("a secret of the same template", () => {
  it.each([
    "!Ref S",
    "!GetAtt S.Id",
    "!Sub '${S}'",
    "!Sub '${S.Id}'",
    "{ 'Fn::GetAtt': [S, Id] }",
    "!Join ['', [!Ref S]]",
  ])("is followed from %s", (reference) => {
    expect(creationOf(ofCredential(reference, secret(name)))).toBe("PASS accepted");
    expect(creationOf(ofCredential(reference, secret("Name: hub")))).toBe("FAIL InvalidParameterException");
    expect(creationOf(ofCredential(reference, secret(name), { deployment: anywhere }))).toBe("PASS accepted");
  });

  it.each([
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub",
    "!Sub 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:ecr-pullthroughcache/hub'",
  ])("is found by its name: %s", (credential) => {
    expect(creationOf(ofCredential(credential, secret(name)))).toBe("PASS accepted");
    expect(creationOf(ofCredential(credential, secret(`${name}, KmsKeyId: alias/own`)))).toBe(
      "FAIL UnableToDecryptSecretValueException",
    );
    expect(
      creationOf(ofCredential(credential, secret("Name: ecr-pullthroughcache/other, KmsKeyId: alias/own"))),
    ).toBe("PASS accepted");
  });

  it.each([
    ["", "FAIL InvalidParameterException"],
    ["Name: !Ref AWS::NoValue", "FAIL InvalidParameterException"],
    ["Name: !Sub 'ecr-pullthroughcache/${AWS::StackName}'", "PASS accepted"],
    ["Name: !Sub 'ecr-pullthroughcache/${Open}'", "PASS accepted"],
    ["Name: !Sub 'prod/${Open}'", "FAIL InvalidParameterException"],
    ["Name: !Ref Open", "UNKNOWN value-unknown"],
    ["Name: '{{resolve:ssm:/name}}'", "UNKNOWN value-unknown"],
    ["Name: !If [IsOpen, ecr-pullthroughcache/a, b]", "UNKNOWN value-unknown"],
    [`${name}, Fn::Transform: { Name: Mine }`, "UNKNOWN value-unknown"],
  ])("has the name that its properties give: %s", (properties, expected) => {
    expect(creationOf(ofCredential("!Ref S", secret(properties)))).toBe(expected);
  });

  const decrypt = "FAIL UnableToDecryptSecretValueException";
  it.each([
    ["alias/aws/secretsmanager", "PASS accepted"],
    ["!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/secretsmanager'", "PASS accepted"],
    ["!Ref AWS::NoValue", "PASS accepted"],
    ["!Ref Key", decrypt],
    ["!GetAtt Key.Arn", decrypt],
    ["!Ref Alias", decrypt],
    ["alias/own", decrypt],
    ["!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/own'", decrypt],
    ["1234abcd-12ab-34cd-56ef-1234567890ab", "UNKNOWN value-unknown"],
    ["!Ref Open", "UNKNOWN value-unknown"],
    ["!ImportValue key", "UNKNOWN value-unknown"],
  ])("is under the key that its properties give: %s", (key, expected) => {
    expect(creationOf(ofCredential("!Ref S", secret(`${name}, KmsKeyId: ${key}`)))).toBe(expected);
  });

  const access = "FAIL UnableToAccessSecretException";
  it.each([
    [`SecretString: '{"username":"me","accessToken":"dckr_pat_x"}'`, "PASS accepted"],
    [`SecretString: '{"username":"me","password":"dckr_pat_x"}'`, access],
    [`SecretString: '{"username":"me"}'`, access],
    ["SecretString: dckr_pat_x", access],
    [`SecretString: '["a"]'`, access],
    [`SecretString: !Sub '{"username":"me","accessToken":"\${Token}"}'`, "PASS accepted"],
    [`SecretString: !Sub '{"username":"me","token":"\${Token}"}'`, access],
    [`SecretString: !Sub '{"username":"me","accessToken":\${Token}}'`, "PASS accepted"],
    [`SecretString: !Sub '{"username":"me","\${Token}":"x"}'`, "UNKNOWN value-unknown"],
    [`SecretString: !Sub '{"username":"me",\${Token}}'`, "UNKNOWN value-unknown"],
    ["SecretString: !Ref Token", "UNKNOWN value-unknown"],
    ["SecretString: '{{resolve:ssm-secure:/token}}'", "UNKNOWN value-unknown"],
    [`SecretString: '{"username":"me","accessToken":"{{resolve:ssm-secure:/token}}"}'`, "PASS accepted"],
    [
      `SecretString: !Join ['', ['{"username":"', !Ref Open, '","accessToken":"', !Ref Token, '"}']]`,
      "PASS accepted",
    ],
    ["SecretString: { Fn::ToJsonString: { username: me, accessToken: !Ref Token } }", "PASS accepted"],
    [
      "SecretString: { Fn::ToJsonString: { username: me, password: !Ref Token, list: [a, { b: c }] } }",
      access,
    ],
    [
      `GenerateSecretString: { SecretStringTemplate: '{"username":"me"}', GenerateStringKey: accessToken }`,
      "PASS accepted",
    ],
    [
      `GenerateSecretString: { SecretStringTemplate: '{"username":"me"}', GenerateStringKey: password }`,
      access,
    ],
    ["GenerateSecretString: { PasswordLength: 32 }", "UNKNOWN value-unknown"],
  ])("has the keys that its value gives: %s", (value, expected) => {
    const findings = ofCredential("!Ref S", secret(`${name}, ${value}`));
    expect(creationOf(findings)).toBe(expected);
    expect(JSON.stringify(findings)).not.toContain("dckr_pat");
  });

  it("passes the policy by its name", () => {
    const policy = {
      allowedUpstreams: [{ registry: "docker-hub" as const, secretNames: ["ecr-pullthroughcache/hub"] }],
    };
    expect(delivered(ofCredential("!Ref S", secret(name), { policy }), "UNKNOWN")).toEqual([]);
    expect(delivered(ofCredential("!Ref S", secret(name), { policy }), "FAIL")).toEqual([]);
  });

  it("is not needed by every upstream", () => {
    const text = `Resources:\n${secret(name)}  R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { EcrRepositoryPrefix: quay, UpstreamRegistryUrl: quay.io, CredentialArn: !Ref S } }\n`;
    expect(creationOf(evaluate([text]).findings)).toBe("FAIL InvalidParameterException");
  });

  it.each(["!Ref Other", "!GetAtt S.Arn", "!Ref Key", "!Sub 'x${S}'"])(
    "is not what %s refers to",
    (credential) => {
      expect(creationOf(ofCredential(credential, secret("Name: hub")))).toMatch(/^UNKNOWN|^FAIL Invalid/);
    },
  );
});

/** What is said of the creation of `R`, a rule for an ECR registry with this role. */
function ofRole(role: string, properties: string) {
  const text = `Parameters: { Open: { Type: String } }
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { ${properties} } }
  R:
    Type: AWS::ECR::PullThroughCacheRule
    Properties: { EcrRepositoryPrefix: base, UpstreamRegistryUrl: 444455556666.dkr.ecr.eu-west-1.amazonaws.com, CustomRoleArn: ${role} }
`;
  return evaluate([text], { deployment: deployment() }).findings;
}

const trusts = (service: string) =>
  `AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: ${service} }, Action: sts:AssumeRole }] }`;
const trusting = trusts("pullthroughcache.ecr.amazonaws.com");

describe("a role of the same template", () => {
  it.each([
    ["!GetAtt Role.Arn", trusting, "PASS accepted"],
    ["!Sub '${Role.Arn}'", `RoleName: pull, Path: /ecr/, ${trusting}`, "PASS accepted"],
    ["!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Role}'", `RoleName: pull, ${trusting}`, "PASS accepted"],
    ["!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Role}'", trusting, "PASS accepted"],
    [
      "!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Role}'",
      trusts("ec2.amazonaws.com"),
      "FAIL InvalidParameterException",
    ],
    ["!GetAtt Role.Arn", trusts("ecr.amazonaws.com"), "FAIL InvalidParameterException"],
    ["!GetAtt Role.Arn", trusts("!Sub 'pullthroughcache.ecr.${AWS::URLSuffix}'"), "PASS accepted"],
    ["!GetAtt Role.Arn", trusts("[ec2.amazonaws.com, !Ref Open]"), "UNKNOWN value-unknown"],
    ["!GetAtt Role.Arn", "AssumeRolePolicyDocument: !Ref Open", "UNKNOWN value-unknown"],
    ["!GetAtt Role.Arn", "", "UNKNOWN value-unknown"],
    ["!GetAtt Role.Arn", `RoleName: !Ref Open, ${trusting}`, "PASS accepted"],
    ["!Ref Role", trusting, "FAIL InvalidParameterException"],
    ["!Ref Role", `RoleName: pull, ${trusting}`, "FAIL InvalidParameterException"],
    ["!GetAtt Role.RoleId", trusting, "UNKNOWN value-unknown"],
  ])("%s with %s: %s", (reference, properties, expected) => {
    expect(creationOf(ofRole(reference, properties))).toBe(expected);
  });
});

it("aliases of aliases in policies and values are read once", () => {
  const levels = Array.from(
    { length: 30 },
    (_, at) => `  a${at}: &a${at} [${at === 0 ? "x" : `*a${at - 1}, *a${at - 1}`}]`,
  );
  const text = `Metadata:\n${levels.join("\n")}
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: *a29 } } }
  S: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: { Fn::ToJsonString: *a29 } } }
  R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { CustomRoleArn: !GetAtt Role.Arn, CredentialArn: !Ref S } }
`;
  expect(evaluate([text]).findings.length).toBeGreaterThan(0);
});
