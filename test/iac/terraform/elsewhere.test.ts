import { describe, expect, it } from "vitest";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { anywhere, deployment } from "../support.ts";
import { changed, created, planWith } from "./plans.ts";

const template = (properties: object, more: object = {}) =>
  JSON.stringify({
    ...more,
    Resources: { R: { Type: "AWS::ECR::PullThroughCacheRule", Properties: properties } },
  });
const quay = { EcrRepositoryPrefix: "quay", UpstreamRegistryUrl: "quay.io" };

function read(address: string, actions: readonly string[], more: object) {
  return rulesInFile(planWith([changed(address, actions, { ...more })]), "plan.json", deployment());
}

describe("the template of a plan's resource is read:", () => {
  it.each([
    "aws_cloudformation_stack.s",
    "aws_cloudformation_stack_set.s",
    "awscc_cloudformation_stack.s",
    "awscc_cloudformation_stack_set.s",
  ])("%s", (address) => {
    const { rules } = read(address, ["create"], { after: { template_body: template(quay) } });
    expect(rules).toMatchObject([
      {
        address: `${address}/R`,
        call: "create",
        location: { account: address.includes("set") ? null : "111122223333" },
      },
    ]);
  });

  it.each<readonly [string, unknown]>([
    ["a map", { P: "x" }],
    ["a list", [{ parameter_key: "P", parameter_value: "x" }]],
  ])("with its parameters in %s", (_what, parameters) => {
    const body = template(
      { ...quay, EcrRepositoryPrefix: { Ref: "P" } },
      { Parameters: { P: { Type: "String", Default: "other" } } },
    );
    const { rules } = read("aws_cloudformation_stack.s", ["create"], {
      after: { template_body: body, parameters },
    });
    expect(rules[0]?.parameters.ecrRepositoryPrefix).toEqual({ state: "set", value: "x" });
  });

  it("a resource of Cloud Control", () => {
    const after = { type_name: "AWS::ECR::PullThroughCacheRule", desired_state: JSON.stringify(quay) };
    expect(read("aws_cloudcontrolapi_resource.r", ["create"], { after }).rules).toMatchObject([
      { address: "aws_cloudcontrolapi_resource.r/PullThroughCacheRule", call: "create" },
    ]);
    const another = { ...after, type_name: "AWS::SNS::Topic", desired_state: null };
    expect(read("aws_cloudcontrolapi_resource.r", ["create"], { after: another })).toMatchObject({
      rules: [],
      notRead: [],
    });
  });

  it.each<readonly [string, object, string | null, string | null]>([
    ["nothing", quay, null, null],
    ["the secret", { ...quay, CredentialArn: "x" }, "update", null],
    ["the URL", { ...quay, UpstreamRegistryUrl: "public.ecr.aws" }, "create", "quay"],
  ])("that changes %s", (_what, after, call, replaces) => {
    const change = { before: { template_body: template(quay) }, after: { template_body: template(after) } };
    expect(read("aws_cloudformation_stack.s", ["update"], change).rules).toMatchObject([{ call, replaces }]);
  });

  it("as one that goes away", () => {
    const { rules, departing } = read("aws_cloudformation_stack.s", ["delete"], {
      before: { template_body: template(quay) },
    });
    expect(rules).toEqual([]);
    expect(departing).toMatchObject([{ fate: "deleted", prefix: { value: "quay" } }]);
  });
});

describe("what cannot be read is said:", () => {
  it.each<readonly [string, string, object]>([
    ["a template elsewhere", "aws_cloudformation_stack.s", { after: { template_url: "https://x/y" } }],
    [
      "a template after apply",
      "aws_cloudformation_stack_set.s",
      { after: {}, after_unknown: { template_body: true } },
    ],
    ["no template", "aws_cloudformation_stack.s", { after: { template_body: "x: [" } }],
    ["a product", "aws_servicecatalog_provisioned_product.p", { after: {} }],
    [
      "a resource after apply",
      "aws_cloudcontrolapi_resource.r",
      { after: { type_name: "AWS::ECR::PullThroughCacheRule" } },
    ],
  ])("%s", (_what, address, change) => {
    expect(read(address, ["create"], change)).toMatchObject({ rules: [], notRead: [{ line: null }] });
  });

  it("and nothing is said of other resources", () => {
    const text = planWith([created("a"), changed("aws_sns_topic.t", ["create"], { after: {} })]);
    expect(rulesInFile(text, "plan.json", anywhere)).toMatchObject({ rules: [{}], notRead: [] });
  });
});
