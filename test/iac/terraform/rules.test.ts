import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/core/problem.ts";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { packageFile } from "../../../src/package-file.ts";
import { anywhere, delivered, evaluate, HERE } from "../support.ts";

const examplePlan = readFileSync(packageFile("examples/terraform/plan.json"), "utf8");
const examplePolicy = JSON.parse(readFileSync(packageFile("examples/policy.json"), "utf8"));

type Change = Readonly<Record<string, unknown>>;

/** A plan that creates one good rule, and what is not as usual about the change. */
function planOf(
  change: Change = {},
  { resource = {}, plan = {} }: { resource?: object; plan?: object } = {},
) {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.9.8",
    resource_changes: [
      {
        address: "aws_ecr_pull_through_cache_rule.quay",
        mode: "managed",
        type: "aws_ecr_pull_through_cache_rule",
        name: "quay",
        ...resource,
        change: { actions: ["create"], before: null, after: quay, after_unknown: {}, ...change },
      },
    ],
    ...plan,
  });
}

const quay = {
  credential_arn: null,
  custom_role_arn: null,
  ecr_repository_prefix: "quay",
  upstream_registry_url: "quay.io",
  upstream_repository_prefix: null,
};

function rulesOf(text: string) {
  return rulesInFile(text, "plan.json", anywhere).rules;
}

function problemOf(text: string): string {
  try {
    rulesOf(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error("It was taken for a plan.");
}

describe("a plan of modules, for_each, unknown values, deposed objects and deletes", () => {
  it("has the rules that there will be, with their addresses and places", () => {
    const rules = rulesOf(examplePlan).map(({ address, location }) => [
      address,
      location.account,
      location.region,
    ]);
    expect(rules).toEqual([
      ["aws_ecr_pull_through_cache_rule.base", "111122223333", "eu-west-1"],
      ["aws_ecr_pull_through_cache_rule.quay[0]", "111122223333", "eu-west-1"],
      ['module.cache.aws_ecr_pull_through_cache_rule.this["docker-hub"]', "111122223333", "eu-west-1"],
      ['module.cache.aws_ecr_pull_through_cache_rule.this["ecr-public"]', "111122223333", "eu-west-1"],
      ['module.cache.aws_ecr_pull_through_cache_rule.this["mirror.old"]', "111122223333", "eu-west-1"],
      ['module.cache_west["main"].aws_ecr_pull_through_cache_rule.this["ecr-public"]', null, "us-west-2"],
    ]);
  });

  it("is evaluated correctly", () => {
    const { findings, status } = evaluate([examplePlan], { policy: examplePolicy, deployment: anywhere });
    expect(status).toBe("non-compliant");
    expect(delivered(findings, "FAIL")).toEqual([
      "aws_ecr_pull_through_cache_rule.base creation-refused PullThroughCacheRuleAlreadyExistsException",
      'module.cache.aws_ecr_pull_through_cache_rule.this["mirror.old"] allowed-upstream upstream-not-recognized',
      'module.cache.aws_ecr_pull_through_cache_rule.this["mirror.old"] creation-refused UnsupportedUpstreamRegistryException',
      'module.cache.aws_ecr_pull_through_cache_rule.this["mirror.old"] prefix-convention prefix-pattern',
    ]);
    // The credential is known only after apply, but its secret is in the plan.
    expect(delivered(findings, "UNKNOWN")).toEqual([]);
  });
});

describe("a change of a plan", () => {
  it.each<readonly [string, Change, "create" | "update" | null]>([
    ["creates", {}, "create"],
    ["replaces after", { actions: ["delete", "create"], before: quay }, "create"],
    ["replaces before", { actions: ["create", "delete"], before: quay }, "create"],
    ["updates", { actions: ["update"], before: quay }, "update"],
    ["leaves", { actions: ["no-op"], before: quay }, null],
  ])("that %s is a rule", (_what, change, call) => {
    expect(rulesOf(planOf(change))).toMatchObject([{ call, line: null, isCertain: true }]);
  });

  it.each<readonly [string, string]>([
    ["deletes", planOf({ actions: ["delete"], before: quay, after: null })],
    ["forgets", planOf({ actions: ["forget"], before: quay, after: null })],
    ["is of a deposed object", planOf({}, { resource: { deposed: "1f2e3d4c" } })],
    ["reads", planOf({ actions: ["read"] }, { resource: { mode: "data" } })],
    ["is of something else", planOf({}, { resource: { type: "aws_ecr_repository" } })],
  ])("that %s is none", (_what, text) => {
    expect(rulesOf(text)).toEqual([]);
  });

  it("that is deferred may not come", () => {
    const { resource_changes: changes } = JSON.parse(planOf());
    const deferred = {
      resource_changes: [],
      deferred_changes: [{ reason: "x", resource_change: changes[0] }],
    };
    expect(rulesOf(planOf({}, { plan: deferred }))).toMatchObject([{ isCertain: false }]);
  });

  it("of the provider awscc is one too", () => {
    const resource = { type: "awscc_ecr_pull_through_cache_rule" };
    const after = { ...quay, upstream_registry: "quay" };
    expect(rulesOf(planOf({ after }, { resource }))[0]?.parameters.upstreamRegistry).toEqual({
      state: "set",
      value: "quay",
    });
  });
});

describe("a value of a plan", () => {
  const expressions = { upstream_registry_url: {}, ecr_repository_prefix: {}, credential_arn: {} };
  const configured = {
    configuration: {
      root_module: { resources: [{ address: "aws_ecr_pull_through_cache_rule.quay", expressions }] },
    },
  };

  it("that is known only after apply is unknown, and not missing", () => {
    const text = planOf({ after_unknown: { credential_arn: true } }, { plan: configured });
    expect(rulesOf(text)[0]?.parameters.credentialArn).toMatchObject({ state: "unknown" });
  });

  it("that the provider computes though nobody set it is missing", () => {
    const text = planOf({ after_unknown: { upstream_repository_prefix: true } }, { plan: configured });
    expect(rulesOf(text)[0]?.parameters.upstreamRepositoryPrefix).toEqual({ state: "unset" });
  });

  it("that is unknown in a plan without configuration is unknown", () => {
    const text = planOf({ after_unknown: { upstream_repository_prefix: true } });
    expect(rulesOf(text)[0]?.parameters.upstreamRepositoryPrefix).toMatchObject({ state: "unknown" });
  });

  it("that is empty is passed on only where it is required", () => {
    const after = { ...quay, ecr_repository_prefix: "", credential_arn: "" };
    expect(rulesOf(planOf({ after }))[0]?.parameters).toMatchObject({
      ecrRepositoryPrefix: { state: "set", value: "" },
      credentialArn: { state: "unset" },
    });
  });

  it("is unknown throughout where nothing is known of the rule", () => {
    const text = planOf({ after: null, after_unknown: true });
    expect(new Set(Object.values(rulesOf(text)[0]?.parameters ?? {}).map(({ state }) => state))).toEqual(
      new Set(["unknown"]),
    );
  });
});

describe("the place of a rule", () => {
  const provider = (expressions: object) => ({
    plan: {
      configuration: {
        provider_config: { "aws.west": { expressions } },
        root_module: {
          resources: [{ address: "aws_ecr_pull_through_cache_rule.quay", provider_config_key: "aws.west" }],
        },
      },
      variables: { where: { value: "us-west-2" } },
    },
  });
  const placeOf = (text: string) => rulesOf(text)[0]?.location;

  it("comes from the rule itself", () => {
    const after = { ...quay, region: "ap-south-1", registry_id: "999988887777" };
    const text = planOf({ after }, provider({ region: { constant_value: "us-west-1" } }));
    expect(placeOf(text)).toEqual({ account: "999988887777", region: "ap-south-1" });
  });

  it.each<readonly [string, object, { account: string | null; region: string | null }]>([
    ["a constant", { region: { constant_value: "us-west-1" } }, { account: null, region: "us-west-1" }],
    ["a variable", { region: { references: ["var.where"] } }, { account: null, region: "us-west-2" }],
    ["something else", { region: { references: ["data.x.y", "data.x"] } }, { account: null, region: null }],
    [
      "the one account that it allows",
      { allowed_account_ids: { constant_value: ["123456789012"] } },
      { account: "123456789012", region: null },
    ],
    [
      "several accounts that it allows",
      { allowed_account_ids: { constant_value: ["123456789012", "210987654321"] } },
      { account: null, region: null },
    ],
  ])("comes from its provider: %s", (_what, expressions, location) => {
    expect(placeOf(planOf({}, provider(expressions)))).toEqual(location);
  });

  it("comes from the options if the plan has none, and never overrides the plan", () => {
    const at = { location: HERE, given: new Map() };
    const text = planOf({}, provider({ region: { constant_value: "us-west-1" } }));
    expect(rulesInFile(text, "plan.json", at).rules[0]?.location).toEqual({
      account: HERE.account,
      region: "us-west-1",
    });
  });
});

describe("what is no plan is refused:", () => {
  it.each([
    [
      "a format of another major version",
      planOf({}, { plan: { format_version: "2.0" } }),
      '$.format_version is "2.0"',
    ],
    [
      "a state",
      JSON.stringify({ format_version: "1.0", terraform_version: "1", values: {} }),
      "is a Terraform state, not a plan",
    ],
    [
      "changes that are none",
      planOf({}, { plan: { resource_changes: [{ address: 1 }] } }),
      "$.resource_changes[0].address",
    ],
  ])("%s", (_what, text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });
});
