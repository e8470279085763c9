import { describe, expect, it } from "vitest";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { anywhere, deployment, evaluate } from "../support.ts";
import { changed, configured, created, planWith, quay, ruleType } from "./plans.ts";

const a = `${ruleType}.a`;

/** Where the only rule of a plan is, by its provider. */
function placeWith(expressions: object, top: object = {}) {
  const text = planWith([created("a")], { providers: { aws: { expressions } }, top: { ...top } });
  return rulesInFile(text, "plan.json", anywhere).rules[0]?.location;
}

const variables = { env: { value: "prod" }, region: { value: "us-west-2" }, list: { value: ["us-west-2"] } };

describe("the region of a provider is known from", () => {
  it.each<readonly [string, object, string | null]>([
    ["a constant", { constant_value: "ap-south-1" }, "ap-south-1"],
    ["a variable", { references: ["var.region"] }, "us-west-2"],
    ["a variable that decides it, not", { references: ["var.env"] }, null],
    ["several references, not", { references: ["var.region", "var.env"] }, null],
    ["an entry of a variable, not", { references: ["var.list[0]", "var.list"] }, null],
    ["a local value, not", { references: ["local.region"] }, null],
    ["a variable that is not there, not", { references: ["var.constructor"] }, null],
    ["something after apply, not", { references: ["aws_x.y.region", "aws_x.y"] }, null],
  ])("%s", (_what, region, expected) => {
    expect(placeWith({ region }, { variables })?.region).toBe(expected);
  });

  it.each<readonly [string, object, object, string | null]>([
    ["a constant of its call", { region: { constant_value: "eu-north-1" } }, {}, "eu-north-1"],
    ["a variable of its call", { region: { references: ["var.region"] } }, {}, "us-west-2"],
    ["its default", {}, { region: { default: "eu-south-1" } }, "eu-south-1"],
    ["the root's variable of the same name, not", {}, { region: {} }, null],
  ])("a module's variable: %s", (_what, expressions, own, expected) => {
    const key = "module.m:aws";
    const text = planWith([changed(`module.m.${a}`, ["create"], { after: quay })], {
      providers: { [key]: { expressions: { region: { references: ["var.region"] } } } },
      modules: { m: { expressions, module: { variables: own, resources: [configured(a, {}, key)] } } },
      top: { variables },
    });
    expect(rulesInFile(text, "plan.json", anywhere).rules[0]?.location.region).toBe(expected);
  });

  it("what a data source read", () => {
    const data = ["aws_region", "aws_caller_identity"].map((type) => ({
      address: `data.${type}.current`,
      provider_config_key: "aws",
    }));
    const state = [
      { address: "data.aws_region.current", values: { name: "eu-west-3" } },
      { address: "data.aws_caller_identity.current", values: { account_id: "123456789012" } },
    ];
    const text = planWith([created("a")], {
      providers: {},
      resources: [...data, configured(a)],
      top: { prior_state: { values: { root_module: { resources: state } } } },
    });
    expect(rulesInFile(text, "plan.json", anywhere).rules[0]?.location).toEqual({
      account: "123456789012",
      region: "eu-west-3",
    });
  });
});

describe("the account of a provider is known from", () => {
  const role = (name: string) => ({ role_arn: { constant_value: `arn:aws:iam::${name}:role/x` } });
  it.each<readonly [string, object, string | null]>([
    [
      "the only one that it allows",
      { allowed_account_ids: { constant_value: ["123456789012"] } },
      "123456789012",
    ],
    ["a list of a variable, not", { allowed_account_ids: { references: ["var.account"] } }, null],
    ["the role that it assumes", { assume_role: [role("123456789012")] }, "123456789012"],
    [
      "the last of several roles",
      { assume_role: [role("111111111111"), role("222222222222")] },
      "222222222222",
    ],
    ["a role of a variable, not", { assume_role: [{ role_arn: { references: ["var.role"] } }] }, null],
  ])("%s", (_what, expressions, account) => {
    expect(placeWith(expressions, { variables: { account: { value: "123456789012" } } })?.account).toBe(
      account,
    );
  });
});

describe("a provider with for_each", () => {
  const each = (expressions: object, names = ["one", "two"]) =>
    planWith(
      names.map((name) => changed(`${a}["${name}"]`, ["create"], { after: quay })),
      {
        providers: { "aws.by": { alias: "by", expressions } },
        resources: [configured(a, {}, "aws.by")],
      },
    );
  const regions = { region: { references: ["each.value"] } };

  it("is many registries, whatever the options are", () => {
    for (const at of [anywhere, deployment()]) {
      const { findings } = evaluate([each(regions)], { deployment: at });
      const creation = findings.filter(({ check }) => check === "creation-refused");
      expect(creation.map(({ status }) => status)).toEqual(["UNKNOWN", "UNKNOWN"]);
    }
  });

  it("takes the account from the options if it has one", () => {
    expect(rulesInFile(each(regions), "plan.json", deployment()).rules[0]?.location).toEqual({
      account: "111122223333",
      region: null,
    });
  });

  it("may have many accounts", () => {
    const roles = { assume_role: [{ role_arn: { references: ["each.value.role", "each.value"] } }] };
    expect(rulesInFile(each(roles), "plan.json", deployment()).rules[0]?.location).toEqual({
      account: null,
      region: "eu-west-1",
    });
  });

  it("does not make rules of other regions each other's twins", () => {
    const text = planWith(
      ["eu-west-1", "us-east-1"].map((region) =>
        changed(`${a}["${region}"]`, ["create"], { after: { ...quay, region } }),
      ),
    );
    const { findings } = evaluate([text], { deployment: deployment() });
    expect(findings.filter(({ status }) => status === "FAIL")).toEqual([]);
  });

  it("nor those whose own region is known only after apply", () => {
    const text = planWith(
      ["a", "b"].map((name) => created(name, {}, { after_unknown: { region: true } })),
      { resources: ["a", "b"].map((name) => configured(`${ruleType}.${name}`, { region: {} })) },
    );
    const { findings } = evaluate([text], { deployment: anywhere });
    const creation = findings.filter(({ check }) => check === "creation-refused");
    expect(creation.map(({ status }) => status)).toEqual(["UNKNOWN", "UNKNOWN"]);
  });
});
