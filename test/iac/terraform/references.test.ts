import { describe, expect, it } from "vitest";
import { deployment, evaluate } from "../support.ts";
import { changed, configured, created, planWith, ruleType } from "./plans.ts";

type Values = Readonly<Record<string, unknown>>;

const a = `${ruleType}.a`;
const secret = "aws_secretsmanager_secret.s";
const version = "aws_secretsmanager_secret_version.v";
const hub = { ecr_repository_prefix: "hub", upstream_registry_url: "registry-1.docker.io" };
const withoutCredential = { ...hub, custom_role_arn: null, upstream_repository_prefix: null };
const whole = (address: string, attribute = "arn") => ({ references: [`${address}.${attribute}`, address] });

const rule = changed(a, ["create"], { after: withoutCredential, after_unknown: { credential_arn: true } });
const aSecret = (after: Values, more: Values = {}) =>
  changed(secret, ["create"], {
    after: { kms_key_id: null, ...after },
    after_unknown: { arn: true, id: true, ...more },
  });
const aVersion = (after: Values, unknown: Values = {}) =>
  changed(version, ["create"], {
    after,
    after_unknown: { arn: true, secret_id: true, ...unknown },
    after_sensitive: { secret_string: true },
  });
const good = { name: "ecr-pullthroughcache/hub" };
const value = JSON.stringify({ username: "u", accessToken: "very-secret-token" });

/** What is said of the creation of a rule whose credential is that of a secret. */
function answerFor(changes: readonly { readonly address: string }[], resources: readonly object[] = []) {
  const text = planWith([rule, ...changes], {
    resources: [
      configured(a, { credential_arn: whole(secret) }),
      configured(version, { secret_id: whole(secret, "id") }),
      ...resources,
    ],
  });
  return creationIn(text);
}

function creationIn(text: string, address = a) {
  const { findings } = evaluate([text], { deployment: deployment() });
  expect(JSON.stringify(findings)).not.toContain("very-secret-token");
  const finding = findings.find((one) => one.check === "creation-refused" && one.address === address);
  return `${finding?.status} ${finding?.kind}`;
}

const passes = "PASS accepted";
const open = "UNKNOWN value-unknown";
const invalid = "FAIL InvalidParameterException";
const unreadable = "FAIL UnableToAccessSecretException";
const undecryptable = "FAIL UnableToDecryptSecretValueException";

describe("a secret of the same plan", () => {
  it.each<readonly [string, Values, Values, string]>([
    ["that ECR reads", good, {}, passes],
    ["under another name", { name: "hub" }, {}, invalid],
    ["under a generated name", { name_prefix: "ecr-pullthroughcache/hub-" }, { name: true }, passes],
    ["under another generated name", { name_prefix: "hub-" }, { name: true }, invalid],
    ["without a name", {}, { name: true, name_prefix: true }, invalid],
    ["under a key of the customer", { ...good, kms_key_id: "alias/mine" }, {}, undecryptable],
    ["under the key of AWS", { ...good, kms_key_id: "alias/aws/secretsmanager" }, {}, passes],
    ["under a key of which only the id is known", { ...good, kms_key_id: "1234" }, {}, open],
  ])("%s", (_what, after, unknown, answer) => {
    expect(answerFor([aSecret(after, unknown)], [configured(secret, { name: undefined })])).toBe(answer);
  });

  it.each<readonly [string, string, string]>([
    ["a key of the plan", "aws_kms_key.k", undecryptable],
    ["a data source", "data.aws_kms_alias.k", open],
  ])("under %s", (_what, key, answer) => {
    const resource = configured(secret, { kms_key_id: whole(key) });
    expect(answerFor([aSecret(good, { kms_key_id: true })], [resource])).toBe(answer);
  });

  it.each<readonly [string, Values, Values, string]>([
    ["with both keys", { secret_string: value }, {}, passes],
    ["without a token", { secret_string: value.replace("accessToken", "password") }, {}, unreadable],
    ["that is no JSON", { secret_string: "very-secret-token" }, {}, unreadable],
    ["that is known after apply", {}, { secret_string: true }, open],
    ["that is write-only", { secret_string_wo_version: 1 }, {}, open],
  ])("with a value %s", (_what, after, unknown, answer) => {
    expect(answerFor([aSecret(good), aVersion(after, unknown)])).toBe(answer);
  });

  it("that exists already, by its ARN", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf";
    const exists = { ...good, arn, kms_key_id: "alias/mine" };
    const text = planWith([
      created("a", { ...hub, credential_arn: arn }),
      changed(secret, ["no-op"], { before: exists, after: exists }),
    ]);
    expect(creationIn(text)).toBe(undecryptable);
  });
});

describe("a reference is followed", () => {
  const inModule = (expressions: Values, resource: Values, more: object = {}) =>
    planWith(
      [
        changed(`module.m.${a}["hub"]`, ["create"], {
          after: withoutCredential,
          after_unknown: { credential_arn: true },
        }),
        aSecret({ name: "hub" }),
      ],
      {
        modules: {
          m: {
            expressions,
            module: {
              resources: [{ ...configured(a, { credential_arn: resource["at"] }), ...resource }],
              ...more,
            },
          },
        },
      },
    );
  const at = `module.m.${a}["hub"]`;

  it.each<readonly [string, string]>([
    ["through a variable", inModule({ arn: whole(secret) }, { at: { references: ["var.arn"] } })],
    [
      "through a loop over a variable",
      inModule(
        { rules: whole(secret) },
        {
          at: { references: ["each.value.arn", "each.value"] },
          for_each_expression: { references: ["var.rules"] },
        },
      ),
    ],
  ])("%s", (_how, text) => {
    expect(creationIn(text, at)).toBe(invalid);
  });

  it("through an output of a module, and a version", () => {
    const text = planWith(
      [
        rule,
        changed(`module.s.${secret}`, ["create"], { after: { name: "hub" }, after_unknown: { arn: true } }),
      ],
      {
        resources: [configured(a, { credential_arn: whole("module.s", "arn") })],
        modules: {
          s: {
            module: {
              outputs: { arn: { expression: whole(version) } },
              resources: [configured(secret), configured(version, { secret_id: whole(secret) })],
            },
          },
        },
      },
    );
    // The version is not among the changes, so that it cannot be followed.
    expect(creationIn(text)).toBe(open);
    const direct = text
      .replaceAll(`${version}.arn`, `${secret}.arn`)
      .replaceAll(`"${version}"]`, `"${secret}"]`);
    expect(creationIn(direct)).toBe(invalid);
  });

  it.each<readonly [string, readonly string[], string]>([
    ["its own key", [secret, "each.key"], invalid],
    ["a written key", [`${secret}["hub"].arn`, `${secret}["hub"]`, secret], invalid],
    ["any of several", [secret], open],
    ["a local value", ["local.arn"], open],
    ["something else beside it", [`${secret}.arn`, secret, "random_id.x.hex", "random_id.x"], open],
  ])("to the instance of %s", (_which, references, answer) => {
    const text = planWith(
      [
        { ...rule, address: `${a}["hub"]` },
        { ...aSecret({ name: "hub" }), address: `${secret}["hub"]` },
        { ...aSecret(good), address: `${secret}["other"]` },
      ],
      { resources: [configured(a, { credential_arn: { references } })] },
    );
    expect(creationIn(text, `${a}["hub"]`)).toBe(answer);
  });
});

describe("a role of the same plan", () => {
  const role = "aws_iam_role.r";
  const trust = (service: string) =>
    JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    });
  it.each<readonly [string, Values, Values, string]>([
    [
      "that the service can assume",
      { name: "r", assume_role_policy: trust("pullthroughcache.ecr.amazonaws.com") },
      {},
      passes,
    ],
    [
      "that another service can assume",
      { name: "r", assume_role_policy: trust("ec2.amazonaws.com") },
      {},
      invalid,
    ],
    ["whose policy is known after apply", { name: "r" }, { assume_role_policy: true }, open],
    ["whose policy is no JSON", { name: "r", assume_role_policy: "{" }, {}, open],
  ])("%s", (_what, after, unknown, answer) => {
    const upstream = {
      ecr_repository_prefix: "base",
      upstream_registry_url: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
    };
    const text = planWith(
      [
        changed(a, ["create"], { after: upstream, after_unknown: { custom_role_arn: true } }),
        changed(role, ["create"], { after, after_unknown: { arn: true, ...unknown } }),
      ],
      { resources: [configured(a, { custom_role_arn: whole(role) })] },
    );
    expect(creationIn(text)).toBe(answer);
  });
});

describe("a sensitive value of a plan is judged and not printed:", () => {
  it.each<readonly [string, Values, readonly string[]]>([
    [
      "a credential",
      {
        ...hub,
        credential_arn:
          "arn:aws:secretsmanager:us-east-2:999988887777:secret:ecr-pullthroughcache/hidden-AbCdEf",
      },
      ["hidden", "us-east-2", "999988887777"],
    ],
    ["a prefix", { ecr_repository_prefix: "Hidden/Qwerty" }, ["Hidden", "Qwerty"]],
    ["a URL", { upstream_registry_url: "hidden.example.com" }, ["hidden.example.com"]],
  ])("%s", (_what, after, hidden) => {
    const marks = Object.fromEntries(Object.keys(after).map((name) => [name, true]));
    const { findings } = evaluate([planWith([created("a", after, { after_sensitive: marks })])], {
      deployment: deployment(),
    });
    expect(findings.some(({ status }) => status === "FAIL")).toBe(true);
    for (const text of hidden) expect(JSON.stringify(findings)).not.toContain(text);
  });

  it("the name of a secret that a rule refers to", () => {
    const changes = [
      changed(secret, ["create"], {
        after: { name: "hidden-name" },
        after_unknown: { arn: true },
        after_sensitive: { name: true },
      }),
    ];
    const text = planWith([rule, ...changes], {
      resources: [configured(a, { credential_arn: whole(secret) })],
    });
    const { findings } = evaluate([text], { deployment: deployment() });
    expect(findings.some(({ status }) => status === "FAIL")).toBe(true);
    expect(JSON.stringify(findings)).not.toContain("hidden-name");
  });
});
