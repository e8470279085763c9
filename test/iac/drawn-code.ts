import fc from "fast-check";
import { checkIds } from "../../src/checks/index.ts";
import { evaluateFiles } from "../../src/iac/evaluate/evaluate-files.ts";
import { type Deployment, rulesInFile } from "../../src/iac/rules-in-file.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { aDemandingPolicyFile, NOW } from "../support/builders.ts";
import { deployment } from "./support.ts";

const loaded = { policy: parsePolicy(aDemandingPolicyFile(), "test", checkIds), digest: "sha256:0" };

/** The text of a file of code, with its name. */
export type NamedText = { readonly file: string; readonly text: string };

/** Judges texts by a policy that asks for every check, and answers all that is said, in the order of the report. */
export function judged(texts: readonly NamedText[], at: Deployment = deployment()) {
  const files = texts.map(({ file, text }) => rulesInFile(text, file, at));
  return evaluateFiles(files, loaded, { now: NOW, includePassing: true, organizationalUnits: [] }).findings;
}

/** A template, with parameters, conditions, secrets, roles and rules that are good, bad, doubled and conditional. */
export type DrawnTemplate = {
  readonly Parameters: object;
  readonly Conditions: object;
  readonly Resources: Readonly<Record<string, object>>;
};

const prefixes = fc.constantFrom("quay", "hub", "hub/a", "base", "ROOT", "Hub", "a");
const upstreams = fc.constantFrom(
  "quay.io",
  "registry-1.docker.io",
  "docker.io",
  "ghcr.io",
  "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
);
const place = ["${AWS::Region}", "${AWS::AccountId}"].join(":");
const credentials = fc.constantFrom<unknown>(
  undefined,
  { Ref: "Good" },
  { "Fn::GetAtt": ["Bad", "Id"] },
  { Ref: "OwnKey" },
  { Ref: "Password" },
  { "Fn::Sub": `arn:aws:secretsmanager:${place}:secret:ecr-pullthroughcache/x-AbCdEf` },
  "arn:aws:secretsmanager:eu-west-1:999988887777:secret:ecr-pullthroughcache/x-AbCdEf",
);
const roles = fc.constantFrom<unknown>(
  undefined,
  { "Fn::GetAtt": "Role.Arn" },
  { Ref: "Role" },
  {
    "Fn::GetAtt": ["Stranger", "Arn"],
  },
);
const conditions = fc.constantFrom<unknown>(undefined, undefined, undefined, "Yes", "Open");

const drawnRule = fc
  .record({
    EcrRepositoryPrefix: prefixes,
    UpstreamRegistryUrl: upstreams,
    CredentialArn: credentials,
    CustomRoleArn: roles,
    UpstreamRepositoryPrefix: fc.constantFrom(undefined, undefined, "library"),
    Condition: conditions,
  })
  .map(({ Condition, ...Properties }) => ({
    Type: "AWS::ECR::PullThroughCacheRule",
    ...(Condition === undefined ? {} : { Condition }),
    Properties: withoutUndefined(Properties),
  }));

const secret = (name: unknown, more: object = {}) => ({
  Type: "AWS::SecretsManager::Secret",
  Properties: { Name: name, ...more },
});
const role = (service: string) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: "pull",
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
  },
});
const readable = "ecr-pullthroughcache/x";

/** The resources that rules refer to. */
const referred = {
  Good: secret(readable, { SecretString: '{"username":"a","accessToken":"b"}' }),
  Bad: secret("x"),
  OwnKey: secret(readable, { KmsKeyId: "alias/own" }),
  Password: secret(readable, { SecretString: '{"username":"a","password":"b"}' }),
  Role: role("pullthroughcache.ecr.amazonaws.com"),
  Stranger: role("ec2.amazonaws.com"),
};

/** Templates of up to five rules. */
export const drawnTemplate: fc.Arbitrary<DrawnTemplate> = fc
  .array(drawnRule, { minLength: 1, maxLength: 5 })
  .map((rules) => ({
    Parameters: { Stage: { Type: "String", Default: "prod" }, Unknown: { Type: "String" } },
    Conditions: {
      Yes: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
      Open: { "Fn::Equals": [{ Ref: "Unknown" }, "prod"] },
    },
    Resources: { ...referred, ...Object.fromEntries(rules.map((rule, at) => [`R${at}`, rule])) },
  }));

function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const type = "aws_ecr_pull_through_cache_rule";

/** The attributes of a rule in a plan. */
type Attributes = Readonly<Record<string, string | null>>;

/** One change of a plan. */
export type DrawnChange = { readonly address: string; readonly change: object };

/** Plans of up to six changes, which create, keep, update and replace rules in two regions. */
export const drawnChanges: fc.Arbitrary<readonly DrawnChange[]> = fc
  .array(
    fc.record({
      ecr_repository_prefix: fc.constantFrom("quay", "hub", "hub/a", "base"),
      upstream_registry_url: fc.constantFrom("quay.io", "registry-1.docker.io", "docker.io"),
      credential_arn: fc.constantFrom(
        null,
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/x-AbCdEf",
      ),
      region: fc.constantFrom("eu-west-1", "us-east-1"),
      actions: fc.constantFrom(
        ["create"],
        ["create"],
        ["no-op"],
        ["update"],
        ["delete", "create"],
        ["create", "delete"],
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((changes) =>
    changes.map(({ actions, ...given }, at) => {
      const attributes: Attributes = {
        ...given,
        custom_role_arn: null,
        upstream_repository_prefix: null,
        registry_id: "111122223333",
      };
      return {
        address: `${type}.r${at}`,
        mode: "managed",
        type,
        name: `r${at}`,
        change: {
          actions,
          before: actions[0] === "create" && actions.length === 1 ? null : attributes,
          after: attributes,
          after_unknown: {},
        },
      };
    }),
  );

/** The text of a plan. */
export function planText(changes: readonly unknown[]): string {
  return JSON.stringify({ format_version: "1.2", terraform_version: "1.9.8", resource_changes: changes });
}
