import { describe, expect, it } from "vitest";
import { anywhere, evaluate } from "../support.ts";
import { changed, configured, created, existing, planWith, quay, ruleType } from "./plans.ts";

const a = `${ruleType}.a`;
const b = `${ruleType}.b`;

/** What is said about the creation of each rule of a plan, as `STATUS kind`. */
function answers(text: string) {
  const { findings } = evaluate([text], { deployment: anywhere });
  return Object.fromEntries(
    findings
      .filter(({ check }) => check === "creation-refused")
      .map(({ address, status, kind }) => [address, `${status} ${kind}`]),
  );
}

const exists = "FAIL PullThroughCacheRuleAlreadyExistsException";
const passes = "PASS accepted";
const open = "UNKNOWN order-unknown";
const replaced = (actions: readonly string[], before = {}, after = {}) =>
  changed(a, actions, { before: existing(before), after: { ...quay, ...after } });
const gone = (actions: readonly string[], before = {}, top = {}) =>
  changed(b, actions, { before: existing(before), top });
const other = { ecr_repository_prefix: "other" };

describe("a rule that is created when", () => {
  it.each<readonly [string, string, string]>([
    ["it replaces itself afterwards", planWith([replaced(["delete", "create"])]), passes],
    ["it replaces itself before", planWith([replaced(["create", "delete"])]), exists],
    ["its old object is forgotten", planWith([replaced(["create", "forget"])]), exists],
    ["its old object is forgotten first", planWith([replaced(["forget", "create"])]), exists],
    ["it replaces another prefix before", planWith([replaced(["create", "delete"], other)]), passes],
    [
      "it replaces itself before, in another region",
      planWith([replaced(["create", "delete"], { region: "us-east-1" }, { region: "eu-west-1" })]),
      passes,
    ],
    ["another with its prefix is deleted", planWith([created("a"), gone(["delete"])]), open],
    ["another with its prefix is forgotten", planWith([created("a"), gone(["forget"])]), exists],
    [
      "a deposed object with its prefix is deleted",
      planWith([created("a"), changed(a, ["delete"], { before: existing(), top: { deposed: "1f2e" } })]),
      open,
    ],
    [
      "another with its prefix is deleted elsewhere",
      planWith([created("a"), gone(["delete"], { region: "us-east-1" })]),
      passes,
    ],
  ])("%s", (_when, text, answer) => {
    expect(answers(text)[a]).toBe(answer);
  });

  it.each([
    ["delete", "create"],
    ["create", "delete"],
  ])("another gives up its prefix: %s, %s", (...actions) => {
    expect(answers(planWith([created("b"), replaced(actions, {}, other)]))[b]).toBe(open);
  });

  it("another gives up its prefix and is forgotten", () => {
    expect(answers(planWith([created("b"), replaced(["create", "forget"], {}, other)]))[b]).toBe(exists);
  });

  it("two rules exchange their prefixes", () => {
    const plan = planWith([
      replaced(["delete", "create"], {}, other),
      changed(b, ["delete", "create"], { before: existing(other), after: quay }),
    ]);
    expect(answers(plan)).toEqual({ [a]: open, [b]: open });
  });

  it("another with its prefix is deleted, and the provider is not known", () => {
    const providers = { "aws.x": {}, "aws.y": {} };
    const resources = [configured(a, {}, "aws.x")];
    expect(answers(planWith([created("a"), gone(["delete"])], { providers, resources }))[a]).toMatch(
      /^UNKNOWN/,
    );
  });
});

const invalid = "FAIL InvalidParameterException";
const base = {
  ecr_repository_prefix: "base",
  upstream_registry_url: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
  custom_role_arn: "arn:aws:iam::111122223333:role/x",
};
const hub = {
  ecr_repository_prefix: "hub",
  upstream_registry_url: "registry-1.docker.io",
  credential_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf",
};

describe("an update", () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>, object, string]>([
    ["that takes the role away", base, { custom_role_arn: null }, invalid],
    ["that takes the credential away", hub, { credential_arn: null }, invalid],
    ["that sends nothing", {}, {}, invalid],
    ["of the role", base, { custom_role_arn: "arn:aws:iam::111122223333:role/y" }, passes],
    ["of the credential", hub, { credential_arn: hub.credential_arn.replace("AbCdEf", "GhIjKl") }, passes],
    ["of the prefix", base, { ecr_repository_prefix: "bare" }, invalid],
    [
      "of the URL",
      base,
      { upstream_registry_url: base.upstream_registry_url.replace("4444", "5555") },
      invalid,
    ],
    [
      "of the upstream prefix",
      { ...base, upstream_repository_prefix: "base" },
      { upstream_repository_prefix: "bare" },
      invalid,
    ],
    ["beside an upstream prefix that was not read", base, { upstream_repository_prefix: "base" }, passes],
  ])("%s", (_what, before, change, answer) => {
    const after = existing({ ...before, ...change });
    expect(answers(planWith([changed(a, ["update"], { before: existing(before), after })]))[a]).toBe(answer);
  });
});

describe("a plan that is not whole is not compliant:", () => {
  it.each([
    ["it ended with an error", { errored: true }],
    ["it is not complete", { complete: false }],
  ])("%s", (_what, top) => {
    const { status, findings } = evaluate([planWith([created("a")], { top })], { deployment: anywhere });
    expect(status).toBe("incomplete");
    expect(findings).toContainEqual(expect.objectContaining({ address: "plan", kind: "not-read" }));
  });
});
