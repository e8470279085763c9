import { describe, expect, it } from "vitest";
import { set, unknown } from "../../../src/iac/declared-rule.ts";
import type { RoleInCode } from "../../../src/iac/references/role.ts";
import type { SecretInCode } from "../../../src/iac/references/secret.ts";
import { notKnown, trustsService } from "../../../src/iac/references/trust.ts";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { delivered, deployment, evaluateRead, goodProperties, HERE, templateOf } from "../support.ts";

const key = "the registry";
const later = unknown("is known only after apply");

const goodSecret: SecretInCode = {
  address: "Secret",
  name: { start: "ecr-pullthroughcache/docker-hub", rest: "none" },
  key: "managed",
  content: { state: "keys", keys: ["username", "accessToken"] },
  location: HERE,
  registryKey: key,
};

const trust = (principal: unknown, more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...more }],
});
const service = "pullthroughcache.ecr.amazonaws.com";

const goodRole: RoleInCode = {
  address: "Role",
  name: { start: "ecr-pull", rest: "none" },
  path: "/",
  trust: trust({ Service: service }),
  location: HERE,
  registryKey: key,
};

/** What is said of a rule whose credential is a secret of the same code. */
function ofSecret(spoils: Partial<SecretInCode>, policy: Parameters<typeof evaluateRead>[1] = {}) {
  const file = rulesInFile(templateOf({ Rule: goodProperties }), "code", deployment());
  const rules = file.rules.map((rule) => ({
    ...rule,
    registryKey: key,
    parameters: { ...rule.parameters, credentialArn: later },
    secret: { ...goodSecret, ...spoils },
  }));
  return evaluateRead([{ ...file, rules }], policy).findings;
}

/** What is said of a rule whose role is one of the same code. */
function ofRole(spoils: Partial<RoleInCode>) {
  const properties = {
    EcrRepositoryPrefix: "base",
    UpstreamRegistryUrl: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
  };
  const file = rulesInFile(templateOf({ Rule: properties }), "code", deployment());
  const rules = file.rules.map((rule) => ({
    ...rule,
    registryKey: key,
    parameters: { ...rule.parameters, customRoleArn: later },
    role: { ...goodRole, ...spoils },
  }));
  return evaluateRead([{ ...file, rules }]).findings;
}

function creation(findings: ReturnType<typeof ofSecret>): string {
  const [first] = findings.filter(({ check }) => check === "creation-refused");
  return `${first?.status} ${first?.kind}`;
}

const elsewhere = { account: "111122223333", region: "us-east-1" };
const nowhere = { account: null, region: null };

describe("a secret of the same code", () => {
  it.each<readonly [string, Partial<SecretInCode>, string]>([
    ["that nothing is wrong with", {}, "PASS accepted"],
    ["without a value", { content: { state: "elsewhere" } }, "PASS accepted"],
    [
      "with more keys",
      { content: { state: "keys", keys: ["accessToken", "x", "username"] } },
      "PASS accepted",
    ],
    [
      "whose name is completed",
      { name: { start: "ecr-pullthroughcache/hub-", rest: "generated" } },
      "PASS accepted",
    ],
    ["of another provider in the same place", { registryKey: "another" }, "PASS accepted"],
    ["with another name", { name: { start: "hub", rest: "none" } }, "FAIL InvalidParameterException"],
    [
      "with a name that is nearly right",
      { name: { start: "ecr-pullthrough-cache/hub", rest: "none" } },
      "FAIL InvalidParameterException",
    ],
    [
      "with a generated name",
      { name: { start: "Secret-", rest: "generated" } },
      "FAIL InvalidParameterException",
    ],
    [
      "with a name that begins wrongly",
      { name: { start: "prod/", rest: "unknown" } },
      "FAIL InvalidParameterException",
    ],
    [
      "with a name that begins rightly",
      { name: { start: "ecr-pullthroughcache/", rest: "unknown" } },
      "PASS accepted",
    ],
    [
      "with a name that may begin rightly",
      { name: { start: "ecr-", rest: "unknown" } },
      "UNKNOWN value-unknown",
    ],
    ["with an unknown name", { name: { start: "", rest: "unknown" } }, "UNKNOWN value-unknown"],
    ["under a key of the customer", { key: "customer" }, "FAIL UnableToDecryptSecretValueException"],
    ["under a key that may be one of the customer", { key: "unknown" }, "UNKNOWN value-unknown"],
    [
      "with the key password",
      { content: { state: "keys", keys: ["username", "password"] } },
      "FAIL UnableToAccessSecretException",
    ],
    [
      "with keys in other letters",
      { content: { state: "keys", keys: ["username", "accesstoken"] } },
      "FAIL UnableToAccessSecretException",
    ],
    ["with a plain text", { content: { state: "not-an-object" } }, "FAIL UnableToAccessSecretException"],
    ["with an unknown value", { content: { state: "unknown" } }, "UNKNOWN value-unknown"],
    ["of another region", { location: elsewhere, registryKey: "another" }, "FAIL SecretNotFoundException"],
    ["of a region that is not known", { location: nowhere, registryKey: "another" }, "UNKNOWN value-unknown"],
  ])("%s", (_what, spoils, expected) => {
    expect(creation(ofSecret(spoils))).toBe(expected);
  });

  it("is judged by the policy too, if its name is known", () => {
    const policy = {
      policy: { allowedUpstreams: [{ registry: "docker-hub" as const, secretNames: ["*/other"] }] },
    };
    expect(delivered(ofSecret({}, policy), "FAIL")).toEqual([
      "Rule upstream-credentials credential-not-allowed",
    ]);
    const generated = { name: { start: "ecr-pullthroughcache/", rest: "generated" } } as const;
    expect(delivered(ofSecret(generated, policy), "UNKNOWN")).toEqual([
      "Rule upstream-credentials value-unknown",
    ]);
    // What passes whatever the name ends with passes.
    const any = {
      policy: {
        allowedUpstreams: [{ registry: "docker-hub" as const, secretNames: ["ecr-pullthroughcache/*"] }],
      },
    };
    expect(delivered(ofSecret(generated, any), "UNKNOWN")).toEqual([]);
    const six = {
      policy: {
        allowedUpstreams: [{ registry: "docker-hub" as const, secretNames: ["ecr-pullthroughcache/??????"] }],
      },
    };
    expect(delivered(ofSecret(generated, six), "UNKNOWN")).toEqual([
      "Rule upstream-credentials value-unknown",
    ]);
  });

  it("leaves its health to audits, also if the end of its name is generated", () => {
    const generated = { name: { start: "ecr-pullthroughcache/", rest: "generated" } } as const;
    for (const spoils of [{}, generated]) {
      const findings = ofSecret(spoils, { policy: { secrets: {} } });
      expect(findings.filter(({ check }) => check === "secret-health")).toEqual([]);
    }
  });

  it("is not shown to custom checks, which may compare its ARN with anything", () => {
    const custom = {
      id: "named",
      title: "x",
      severity: "low",
      appliesTo: "rule",
      assert: "rule.credentialArn.contains('XXXXXX')",
      message: "m",
      remediation: "r",
    } as const;
    expect(delivered(ofSecret({}, { policy: { customChecks: [custom] } }), "UNKNOWN")).toEqual([
      "Rule named value-unknown",
    ]);
  });

  it("for a place that is not known can be told to be elsewhere", () => {
    const file = rulesInFile(templateOf({ Rule: goodProperties }), "code", deployment(nowhere));
    const rules = file.rules.map((rule) => ({
      ...rule,
      parameters: { ...rule.parameters, credentialArn: later },
      secret: { ...goodSecret, location: elsewhere },
    }));
    expect(creation(evaluateRead([{ ...file, rules }]).findings)).toBe("UNKNOWN place-unknown");
  });
});

describe("a role of the same code", () => {
  it.each<readonly [string, Partial<RoleInCode>, string]>([
    ["that nothing is wrong with", {}, "PASS accepted"],
    [
      "with a generated name and an unknown path",
      { name: { start: "x", rest: "generated" }, path: null },
      "PASS accepted",
    ],
    ["with an unknown name", { name: { start: "", rest: "unknown" } }, "PASS accepted"],
    [
      "of another account",
      { location: { ...HERE, account: "444455556666" }, registryKey: "another" },
      "FAIL InvalidParameterException",
    ],
    [
      "of an account that is not known",
      { location: nowhere, registryKey: "another" },
      "UNKNOWN value-unknown",
    ],
    [
      "for another service",
      { trust: trust({ Service: "ecr.amazonaws.com" }) },
      "FAIL InvalidParameterException",
    ],
    ["whose policy is not known", { trust: notKnown }, "UNKNOWN value-unknown"],
  ])("%s", (_what, spoils, expected) => {
    expect(creation(ofRole(spoils))).toBe(expected);
  });
});

describe("a trust policy", () => {
  it.each<readonly [unknown, boolean | null]>([
    [trust({ Service: service }), true],
    [trust({ Service: ["ec2.amazonaws.com", service] }), true],
    [{ Statement: trust({ Service: service }).Statement[0] }, true],
    [trust({ Service: service }, { Action: ["sts:TagSession", "sts:assumerole"] }), true],
    [trust({ Service: service }, { Action: "sts:*" }), true],
    [trust({ Service: service }, { Action: "sts:TagSession" }), false],
    [trust({ Service: service }, { Condition: { StringEquals: { "aws:SourceAccount": "1" } } }), null],
    [trust({ Service: service }, { Effect: "Deny" }), null],
    [trust({ Service: service }, { Effect: notKnown }), null],
    [trust({ Service: service }, { Action: notKnown }), null],
    [trust({ Service: [notKnown, "ec2.amazonaws.com"] }), null],
    [trust({ Service: [notKnown, service] }), true],
    [trust({ Service: `${service}.cn` }), null],
    [trust({ AWS: "arn:aws:iam::111122223333:root" }), false],
    [trust({ AWS: "*" }), null],
    [trust("*"), null],
    [trust(notKnown), null],
    [trust(undefined, { NotPrincipal: { AWS: "x" } }), null],
    [trust({ Service: service }, { Action: undefined, NotAction: "sts:TagSession" }), null],
    [{ Statement: notKnown }, null],
    [{ Statement: [notKnown] }, null],
    [{}, null],
    ["text", null],
    [{ Statement: [] }, false],
  ])("%j: %s", (policy, expected) => {
    expect(trustsService(policy, service)).toBe(expected);
  });

  it("that denies it after all cannot be told", () => {
    const [allow] = trust({ Service: service }).Statement;
    const [deny] = trust({ Service: service }, { Effect: "Deny" }).Statement;
    expect(trustsService({ Statement: [allow, deny] }, service)).toBeNull();
  });
});

it("keeps a literal ARN as it is, whatever the secret's own says", () => {
  const file = rulesInFile(templateOf({ Rule: goodProperties }), "code", deployment());
  const rules = file.rules.map((rule) => ({
    ...rule,
    parameters: { ...rule.parameters, credentialArn: set("arn:aws:x") },
  }));
  expect(creation(evaluateRead([{ ...file, rules }]).findings)).toBe("FAIL InvalidParameterException");
});
