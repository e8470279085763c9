import { describe, expect, it } from "vitest";
import type { CheckId } from "../../../src/checks/index.ts";
import { checkReportSchema } from "../../../src/schemas/check-report.ts";
import { aWaiver } from "../../support/builders.ts";
import { anywhere, delivered, deployment, evaluate, goodProperties, SECRET, templateOf } from "../support.ts";

const ecr = {
  EcrRepositoryPrefix: "base",
  UpstreamRegistryUrl: "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
};
const foreignSecret = SECRET.replace("111122223333", "444455556666");
const ownSecret = {
  "Fn::Sub":
    "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:ecr-pullthroughcache/docker-hub-AbCdEf",
};

function one(properties: object, parts?: Parameters<typeof evaluate>[1]) {
  return evaluate([templateOf({ Rule: { ...goodProperties, ...properties } })], parts).findings;
}

/** Whether each check can evaluate code. Does not compile when a check of the catalogue is missing. */
const onCode = {
  "rule-validation": "needs a live registry",
  "allowed-upstream": "yes",
  "prefix-convention": "yes",
  "root-prefix": "yes",
  "overlapping-prefixes": "yes",
  "duplicate-upstream": "yes",
  "upstream-credentials": "yes",
  "secret-health": "needs a live registry",
  "upstream-role": "yes",
  "upstream-scope": "yes",
  "required-rule": "yes",
  "undeclared-rule": "yes",
  "creation-template": "needs a live registry",
  "scan-coverage": "needs a live registry",
  "registry-policy": "needs a live registry",
  "cached-repositories": "needs a live registry",
  "unused-cached-repositories": "needs a live registry",
  "orphaned-cached-repositories": "needs a live registry",
  "failed-pulls": "needs a live registry",
  "unapproved-change": "needs a live registry",
  "rule-quota": "needs a live registry",
  "fleet-consistency": "needs a live registry",
} satisfies Record<CheckId, "yes" | "needs a live registry">;

/** A policy that asks for every check. */
const demanding = {
  secrets: {},
  scanning: {},
  creationTemplates: {},
  registryPolicy: {},
  cachedRepositories: { unusedAfterDays: 90 },
  changes: { allowedPrincipals: ["*"] },
  prefixes: { duplicateUpstreams: "forbid" },
  requiredRules: [{ prefix: "docker-hub", registry: "docker-hub" }],
  undeclaredRules: "forbid",
} as const;

describe("a rule in code that nothing is wrong with", () => {
  it("passes, with its file, line, address and place", () => {
    const report = evaluate([templateOf({ Rule: goodProperties })]);
    expect(report.status).toBe("compliant");
    expect(checkReportSchema.parse(report)).toEqual(report);
    expect(delivered(report.findings, "FAIL")).toEqual([]);
    expect(delivered(report.findings, "UNKNOWN")).toEqual([]);
    expect(report.findings.find(({ check }) => check === "allowed-upstream")).toMatchObject({
      status: "PASS",
      file: "code-0",
      line: 1,
      address: "Rule",
      account: "111122223333",
      region: "eu-west-1",
      prefix: "docker-hub",
    });
  });

  it.each(Object.entries(onCode))("is evaluated by %s: %s", (id, expected) => {
    const { checksLeftOut, findings } = evaluate([templateOf({ Rule: goodProperties })], {
      policy: demanding,
    });
    const isLeftOut = expected === "needs a live registry";
    expect(checksLeftOut.filter((check) => check === id)).toEqual(isLeftOut ? [id] : []);
    expect(findings.some(({ check }) => check === id)).toBe(!isLeftOut);
  });

  it("leaves nothing to audits that it evaluates, and names what it leaves once and in order", () => {
    const { checksLeftOut } = evaluate([templateOf({ Rule: goodProperties })], { policy: demanding });
    const expected = Object.entries(onCode).filter(([, how]) => how === "needs a live registry");
    expect(checksLeftOut).toEqual(expected.map(([id]) => id).toSorted());
  });

  it("does not miss rules that other code may bring", () => {
    const policy = { requiredRules: [{ prefix: "quay", registry: "quay" as const }] };
    expect(delivered(one({}, { policy }), "FAIL")).toEqual([]);
  });
});

describe("the checks of the policy evaluate code", () => {
  it.each<readonly [string, object, Parameters<typeof evaluate>[1], readonly string[]]>([
    ["an upstream", {}, { policy: { allowedUpstreams: [] } }, ["Rule allowed-upstream upstream-not-allowed"]],
    ["a prefix", {}, { policy: { prefixes: { maxLength: 3 } } }, ["Rule prefix-convention prefix-length"]],
    [
      "a required rule",
      {},
      { policy: { requiredRules: [{ prefix: "docker-hub", registry: "quay" }] } },
      ["Rule required-rule rule-differs"],
    ],
    [
      "an undeclared rule",
      {},
      { policy: { undeclaredRules: "forbid" } },
      ["Rule undeclared-rule rule-undeclared"],
    ],
    [
      "a custom check",
      {},
      {
        policy: {
          customChecks: [
            {
              id: "no-hub",
              title: "x",
              severity: "low",
              appliesTo: "rule",
              assert: "rule.ecrRepositoryPrefix != 'docker-hub'",
              message: "m",
              remediation: "r",
            },
          ],
        },
      },
      ["Rule no-hub assertion-failed"],
    ],
  ])("for %s", (_what, properties, parts, failing) => {
    expect(delivered(one(properties, parts), "FAIL")).toEqual(failing);
  });

  it("among the rules of one registry", () => {
    const inner = { EcrRepositoryPrefix: "docker-hub/library", UpstreamRegistryUrl: "quay.io" };
    const { findings } = evaluate([templateOf({ Outer: goodProperties, Inner: inner })]);
    expect(delivered(findings, "FAIL")).toEqual(["Inner overlapping-prefixes prefix-inside-another"]);
  });

  it("with the severity that the policy gives, and not at all when it turns them off", () => {
    const severe = one(
      {},
      { policy: { allowedUpstreams: [], checks: { "allowed-upstream": { severity: "critical" } } } },
    );
    expect(severe.find(({ status }) => status === "FAIL")?.severity).toBe("critical");
    const off = one(
      {},
      { policy: { allowedUpstreams: [], checks: { "allowed-upstream": { enabled: false } } } },
    );
    expect(delivered(off, "FAIL")).toEqual([]);
  });

  it("and advise to fix the code", () => {
    const [failure] = one({}, { policy: { allowedUpstreams: [] } }).filter(({ status }) => status === "FAIL");
    expect(failure?.remediation).toMatch(/^Fix it in the code\. If the rule exists already: /);
  });
});

describe("what is not known before deployment", () => {
  const later = { "Fn::GetAtt": ["Secret", "Id"] };

  it("is UNKNOWN for the checks that look at it, and for no other", () => {
    const { findings, status } = evaluate([
      templateOf({ Rule: { ...goodProperties, CredentialArn: later } }),
    ]);
    expect(status).toBe("incomplete");
    expect(delivered(findings, "UNKNOWN")).toEqual([
      "Rule creation-refused value-unknown",
      "Rule upstream-credentials value-unknown",
    ]);
    expect(delivered(findings, "FAIL")).toEqual([]);
  });

  it("keeps no failure from being told that does not depend on it", () => {
    const policy = {
      allowedUpstreams: [{ registry: "ecr" as const, accounts: ["999988887777"] }],
      prefixes: { overlap: "forbid" as const },
    };
    const rules = {
      Rule: { ...ecr, CustomRoleArn: later },
      Inner: { EcrRepositoryPrefix: "base/x", UpstreamRegistryUrl: later },
    };
    const { findings } = evaluate([templateOf(rules)], { policy });
    expect(delivered(findings, "FAIL")).toEqual(["Rule allowed-upstream account-not-allowed"]);
    const outerUnknown = {
      Rule: { ...ecr, UpstreamRegistryUrl: later },
      Inner: { EcrRepositoryPrefix: "base/x", UpstreamRegistryUrl: "quay.io" },
    };
    expect(delivered(evaluate([templateOf(outerUnknown)]).findings, "FAIL")).toContain(
      "Inner overlapping-prefixes prefix-inside-another",
    );
  });

  it("may be the prefix: then the upstream is judged all the same", () => {
    const findings = one({ EcrRepositoryPrefix: later }, { policy: { allowedUpstreams: [] } });
    expect(delivered(findings, "FAIL")).toEqual(["Rule allowed-upstream upstream-not-allowed"]);
    expect(delivered(findings, "UNKNOWN")).toContain("Rule root-prefix value-unknown");
    expect(findings.every(({ prefix }) => prefix === null)).toBe(true);
  });

  it("may be everything", () => {
    const text = JSON.stringify({ Resources: { "Fn::Transform": { Name: "AWS::Include" } } });
    const { findings, status } = evaluate([text]);
    expect(status).toBe("incomplete");
    expect(delivered(findings, "PASS")).toEqual([]);
    expect(delivered(findings, "FAIL")).toEqual([]);
  });

  it.each([
    { assert: "rule.credentialArn.contains('x')", status: "UNKNOWN", said: "Rule named value-unknown" },
    { assert: "rule.ecrRepositoryPrefix != 'x'", status: "PASS", said: "Rule named passes" },
    {
      assert: "rule.ecrRepositoryPrefix != 'x' || rule.credentialArn == ''",
      status: "PASS",
      said: "Rule named passes",
    },
  ] as const)("makes a custom check $status that asserts $assert", ({ assert, status, said }) => {
    const customChecks = [
      {
        id: "named",
        title: "x",
        severity: "low" as const,
        appliesTo: "rule" as const,
        assert,
        message: "m",
        remediation: "r",
      },
    ];
    expect(delivered(one({ CredentialArn: later }, { policy: { customChecks } }), status)).toContain(said);
  });
});

describe("without an account and a region", () => {
  it("a credential of the rule's own place passes", () => {
    const findings = one({ CredentialArn: ownSecret }, { deployment: anywhere });
    expect(delivered(findings, "UNKNOWN")).toEqual([]);
    expect(delivered(findings, "FAIL")).toEqual([]);
  });

  it("a credential that names a place can not be told", () => {
    const findings = one({}, { deployment: anywhere });
    expect(delivered(findings, "FAIL")).toEqual([]);
    expect(delivered(findings, "UNKNOWN")).toEqual([
      "Rule creation-refused place-unknown",
      "Rule upstream-credentials place-unknown",
    ]);
    expect(findings.find(({ status }) => status === "UNKNOWN")?.remediation).toBe(
      "Name the registry: --account and --region.",
    );
  });

  it("what is wrong wherever it is deployed fails", () => {
    const policy = { allowedUpstreams: [{ registry: "docker-hub" as const, secretNames: ["other"] }] };
    expect(delivered(one({}, { deployment: anywhere, policy }), "FAIL")).toEqual([
      "Rule upstream-credentials credential-not-allowed",
    ]);
  });

  it("nobody is told of stand-ins", () => {
    const { findings } = evaluate(
      [templateOf({ Rule: { ...goodProperties, CredentialArn: { Ref: "AWS::NoValue" } } })],
      { deployment: anywhere },
    );
    const texts = findings.map(({ message, remediation }) => message + remediation).join();
    expect(texts).not.toMatch(/000000000000|some-region/);
    expect(texts).toContain("REGION");
  });

  it("overrides and waivers by place do not count, and those for every place do", () => {
    const forbidden = { allowedUpstreams: [] };
    const where = { accounts: ["111122223333"] };
    const override = {
      overrides: [{ where, set: { allowedUpstreams: [{ registry: "docker-hub" as const }] } }],
    };
    const failing = ["Rule allowed-upstream upstream-not-allowed"];
    const own = { CredentialArn: ownSecret };
    expect(delivered(one(own, { policy: { ...forbidden, ...override } }), "FAIL")).toEqual([]);
    expect(
      delivered(one(own, { policy: { ...forbidden, ...override }, deployment: anywhere }), "FAIL"),
    ).toEqual(failing);
    const waiver = (accounts: string[]) => ({
      waivers: [aWaiver({ check: "allowed-upstream", accounts, regions: ["*"], prefixes: ["*"] })],
    });
    const byLocation = { ...forbidden, ...waiver(["111122223333"]) };
    expect(delivered(one(own, { policy: byLocation }), "WAIVED")).toEqual(failing);
    expect(delivered(one(own, { policy: byLocation, deployment: anywhere }), "WAIVED")).toEqual([]);
    expect(
      delivered(one(own, { policy: { ...forbidden, ...waiver(["*"]) }, deployment: anywhere }), "WAIVED"),
    ).toEqual(failing);
  });

  it("rules that are required in some places can not be told", () => {
    const policy = {
      undeclaredRules: "forbid" as const,
      requiredRules: [{ prefix: "docker-hub", registry: "docker-hub" as const, accounts: ["111122223333"] }],
    };
    const own = { CredentialArn: ownSecret };
    expect(delivered(one(own, { policy }), "UNKNOWN")).toEqual([]);
    expect(delivered(one(own, { policy, deployment: anywhere }), "UNKNOWN")).toContain(
      "Rule undeclared-rule place-unknown",
    );
  });

  it("a custom check that asks for the place can not be told", () => {
    const customChecks = [
      {
        id: "placed",
        title: "x",
        severity: "low" as const,
        appliesTo: "rule" as const,
        assert: "region == 'eu-west-1'",
        message: "m",
        remediation: "r",
      },
    ];
    const own = { CredentialArn: ownSecret };
    expect(delivered(one(own, { policy: { customChecks } }), "PASS")).toContain("Rule placed passes");
    expect(delivered(one(own, { policy: { customChecks }, deployment: anywhere }), "UNKNOWN")).toEqual([
      "Rule placed place-unknown",
    ]);
  });
});

describe("organizational units", () => {
  it("choose overrides", () => {
    const where = { organizationalUnits: ["ou-ab12-34567890"] };
    const policy = {
      allowedUpstreams: [],
      overrides: [{ where, set: { allowedUpstreams: [{ registry: "docker-hub" as const }] } }],
    };
    expect(delivered(one({}, { policy }), "FAIL")).toEqual(["Rule allowed-upstream upstream-not-allowed"]);
    expect(delivered(one({}, { policy, organizationalUnits: ["ou-ab12-34567890"] }), "FAIL")).toEqual([]);
  });
});

describe("AWS's own refusals", () => {
  it("are told whatever the policy turns off or waives", () => {
    const waivers = [aWaiver({ check: "*", accounts: ["*"], regions: ["*"], prefixes: ["*"] })];
    expect(delivered(one({ EcrRepositoryPrefix: "Hub" }, { policy: { waivers } }), "FAIL")).toEqual([
      "Rule creation-refused InvalidParameterException",
    ]);
  });

  it("tell a role or a secret of another account", () => {
    expect(delivered(one({ CredentialArn: foreignSecret }), "FAIL")).toContain(
      "Rule creation-refused SecretNotFoundException",
    );
    const role = { ...ecr, CustomRoleArn: "arn:aws:iam::444455556666:role/ecr-pull" };
    expect(delivered(evaluate([templateOf({ Rule: role })]).findings, "FAIL")).toContain(
      "Rule creation-refused InvalidParameterException",
    );
  });

  const twin = "PullThroughCacheRuleAlreadyExistsException";

  it("tell a prefix that two rules have, of both, in one file or two", () => {
    const both = evaluate([templateOf({ A: goodProperties, B: goodProperties })]);
    expect(delivered(both.findings, "FAIL")).toEqual([
      `A creation-refused ${twin}`,
      `B creation-refused ${twin}`,
    ]);
    const text = templateOf({ A: goodProperties });
    expect(evaluate([text, text]).findings.filter(({ kind }) => kind === twin)).toMatchObject([
      { file: "code-0" },
      { file: "code-1" },
    ]);
  });

  it("tell a prefix that two rules have, with and without a slash at its end", () => {
    const slashed = { ...goodProperties, EcrRepositoryPrefix: `${goodProperties.EcrRepositoryPrefix}/` };
    const { findings } = evaluate([templateOf({ A: goodProperties, B: slashed })]);
    expect(findings.filter(({ kind }) => kind === twin).map(({ address }) => address)).toEqual(["A", "B"]);
  });

  it("do not take two files of unknown places for one registry", () => {
    const text = templateOf({ A: { ...goodProperties, CredentialArn: ownSecret } });
    const { findings } = evaluate([text, text], { deployment: anywhere });
    expect(delivered(findings, "FAIL")).toEqual([]);
    expect(delivered(findings, "UNKNOWN")).toEqual([
      "A creation-refused place-unknown",
      "A creation-refused place-unknown",
    ]);
  });

  it("leave open which of two rules under conditions there will be", () => {
    const rule = (Condition: string) => ({
      Type: "AWS::ECR::PullThroughCacheRule",
      Condition,
      Properties: goodProperties,
    });
    const text = JSON.stringify({
      Parameters: { Stage: { Type: "String" } },
      Conditions: {
        Prod: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
        Test: { "Fn::Not": [{ Condition: "Prod" }] },
      },
      Resources: { A: rule("Prod"), B: rule("Test") },
    });
    expect(delivered(evaluate([text]).findings, "FAIL")).toEqual([]);
    expect(delivered(evaluate([text]).findings, "UNKNOWN")).toEqual([
      "A creation-refused condition-unknown",
      "B creation-refused condition-unknown",
    ]);
    const decided = evaluate([text], { deployment: deployment({}, { Stage: "prod" }) });
    expect(delivered(decided.findings, "UNKNOWN")).toEqual([]);
  });

  it("tell that there are too many rules, of each that is new", () => {
    const rules = Array.from({ length: 51 }, (_, n) => [
      `Rule${n}`,
      { EcrRepositoryPrefix: `quay-${n}`, UpstreamRegistryUrl: "quay.io" },
    ]);
    const { findings } = evaluate([templateOf(Object.fromEntries(rules))]);
    expect(delivered(findings, "FAIL")).toEqual(
      rules.map(([id]) => `${String(id)} creation-refused LimitExceededException`).toSorted(),
    );
  });
});
