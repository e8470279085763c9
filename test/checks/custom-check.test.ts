import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { evaluate } from "../../src/audit/evaluate/evaluate.ts";
import { customCheck } from "../../src/checks/custom-check/check.ts";
import { customCheckText } from "../../src/checks/custom-check/text.ts";
import { checkIds, checks, checksOf } from "../../src/checks/index.ts";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import { present } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { ExpressionError } from "../../src/policy/expression/compile.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { openWaiverMatcher } from "../../src/policy/matching/waivers.ts";
import { type CustomCheck, customChecksSchema } from "../../src/policy/sections/custom-checks.ts";
import {
  aPolicy,
  aPolicyFile,
  aRegistryOf,
  aRule,
  aSnapshot,
  aTarget,
  NOW,
  valid,
} from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

function aCustomCheck(overrides: Partial<CustomCheck> = {}): CustomCheck {
  return {
    id: "no-personal-secrets",
    title: "Rules use secrets of teams",
    severity: "medium",
    appliesTo: "rule",
    assert: "!rule.credentialArn.contains('/personal-')",
    message: "The rule authenticates with somebody's own token.",
    remediation: "Store a token of a service account.",
    ...overrides,
  };
}

const personal = { credentialArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr/personal-jo" };
const other = { ecrRepositoryPrefix: "other" };
const fails = (prefix: string | null) => ({ kind: "assertion-failed", prefix, data: {} });

describe("a check of rules", () => {
  const check = aCustomCheck({
    assert: "!rule.credentialArn.contains('/personal-') && int(rule.upstreamRepositoryPrefix) > 0",
  });
  const numbered = { upstreamRepositoryPrefix: "1" };
  const error =
    "int() type error: cannot convert to int (at character 47: int(rule.upstreamRepositoryPrefix))";

  testCheck(customCheck(check), {
    text: customCheckText(check),
    passes: [
      { name: "a rule for which it holds", registry: aRegistryOf(numbered) },
      { name: "a rule without a credential", registry: aRegistryOf({ ...numbered, credentialArn: null }) },
    ],
    fails: [
      {
        name: "a rule for which it does not hold",
        registry: aRegistryOf({ ...numbered, ...personal }),
        says: [fails("docker-hub")],
      },
      {
        name: "only the rule under evaluation",
        registry: aRegistryOf(numbered, { ...numbered, ...personal, ...other }),
        evaluating: ["other"],
        says: [fails("other")],
      },
    ],
    unknownCases: [
      {
        name: "a rule for which it cannot be evaluated",
        registry: aRegistryOf({}),
        says: [{ kind: "assertion-undecided", prefix: "docker-hub", data: { error } }],
      },
    ],
    doesNotApply: [{ name: "a registry without rules", registry: aRegistryOf(), says: "nothing" }],
  });

  it("continues with the other rules if it cannot be evaluated for one", () => {
    const registry = aRegistryOf(
      numbered,
      { ecrRepositoryPrefix: "odd" },
      { ...numbered, ...personal, ...other },
    );
    expect(evaluateWith(check, registry)).toEqual([
      ["docker-hub", "PASS", "passes"],
      ["odd", "UNKNOWN", "assertion-undecided"],
      ["other", "FAIL", "assertion-failed"],
    ]);
  });
});

describe("a check of registries", () => {
  const check = aCustomCheck({
    appliesTo: "registry",
    assert: "registry.ruleCount <= 1 && registry.rules[0].credentialArn != ''",
  });

  testCheck(customCheck(check), {
    text: customCheckText(check),
    passes: [{ name: "a registry for which it holds", registry: aRegistryOf({}) }],
    fails: [
      {
        name: "a registry for which it does not hold",
        registry: aRegistryOf({}, other),
        says: [fails(null)],
      },
    ],
    unknownCases: [
      {
        name: "a registry for which it cannot be evaluated, here because it has no rules",
        registry: aRegistryOf(),
        says: [
          {
            kind: "assertion-undecided",
            prefix: null,
            data: {
              error: "the list has no entry at this index (at character 28: registry.rules[0])",
            },
          },
        ],
      },
    ],
    doesNotApply: [
      {
        name: "an audit of single prefixes",
        registry: aRegistryOf({}),
        evaluating: ["docker-hub"],
        says: "nothing",
      },
    ],
  });

  it("says one thing of a registry, however many rules it has", () => {
    expect(evaluateWith(check, aRegistryOf({}, other))).toEqual([[null, "FAIL", "assertion-failed"]]);
  });
});

describe("the findings of a custom check", () => {
  it("have the policy's texts and severity, and this project's document", () => {
    const check = aCustomCheck();
    const [evaluation] = customCheck(check).evaluate({
      registry: aRegistryOf(personal),
      policy: aPolicy(),
      now: NOW,
      inScope: () => true,
    });
    const { title, message, remediation } = check;
    expect(evaluation?.prose()).toEqual({ title, message, remediation });
    expect(customCheck(check)).toMatchObject({ severity: "medium", title, docs: "docs/custom-checks.md" });
  });

  it("rest on nothing but the rules of single registries", () => {
    const check = customCheck(aCustomCheck());
    expect(check.looksAt).toBe("registry");
    expect(check.factsUnder(aPolicy())).toEqual([]);
  });
});

describe("the checks of an audit", () => {
  it("are those of the catalogue and then the policy's own", () => {
    const policy = aPolicy({ customChecks: [aCustomCheck(), aCustomCheck({ id: "another" })] });
    expect(checksOf(policy).map(({ id }) => id)).toEqual([...checkIds, "no-personal-secrets", "another"]);
    expect(checksOf(aPolicy())).toEqual(checks);
  });

  it("are turned off, given a severity and waived by custom ids too", () => {
    const policy = aPolicy({
      customChecks: [aCustomCheck(), aCustomCheck({ id: "off" }), aCustomCheck({ id: "waived" })],
      checks: { off: { enabled: false }, "no-personal-secrets": { severity: "critical" } },
      waivers: [{ check: "waived", reason: "known", owner: "team-a", expires: "2027-01-31" }],
    });
    const { findings } = evaluate(aRegistryOf(personal), policy, policy.customChecks.map(customCheck), {
      now: NOW,
      inScope: () => true,
      includePassing: false,
      waivers: openWaiverMatcher(policy.waivers, NOW),
    });
    expect(findings.map(({ check, status, severity }) => [check, status, severity])).toEqual([
      ["no-personal-secrets", "FAIL", "critical"],
      ["waived", "WAIVED", "medium"],
    ]);
  });

  it("are refused when an expression is none, which no loaded policy has", () => {
    expect(() => customCheck(aCustomCheck({ assert: "rule." }))).toThrow(ExpressionError);
  });
});

function evaluateWith(check: CustomCheck, registry: RegistrySnapshot) {
  return customCheck(check)
    .evaluate({ registry, policy: aPolicy(), now: NOW, inScope: () => true })
    .map(({ prefix, status, kind }) => [prefix, status, kind]);
}

/** For each example of the document registries that it is content with, and such that it is not. */
const examples: Readonly<
  Record<string, { readonly good: readonly RegistrySnapshot[]; readonly bad: readonly RegistrySnapshot[] }>
> = {
  "no-personal-secrets": {
    good: [aRegistryOf({}), aRegistryOf({ credentialArn: null })],
    bad: [aRegistryOf(personal)],
  },
  "platform-secrets": {
    good: [
      inAccount("payments-dev", {}),
      inAccount("payments-prod", { credentialArn: null }),
      inAccount("payments-prod", secret("ecr-pullthroughcache/platform-hub")),
    ],
    bad: [inAccount("payments-prod", {}), inAccount("payments-prod", secret("ecr/platform-hub"))],
  },
  "github-beside-docker-hub": {
    good: [aRegistryOf(), aRegistryOf({}, { ...other, upstreamRegistryUrl: "ghcr.io" })],
    bad: [aRegistryOf({}), aRegistryOf({}, { ...other, upstreamRegistryUrl: "quay.io" })],
  },
  "credentials-of-their-own": {
    good: [
      aRegistryOf({}, { ...other, ...personal }),
      aRegistryOf({ credentialArn: null }, { ...other, credentialArn: null }),
    ],
    bad: [aRegistryOf({}, other)],
  },
  "rules-renewed": {
    good: [aRegistryOf({ updatedAt: "2026-01-01T00:00:00.000Z" })],
    bad: [aRegistryOf({ updatedAt: "2025-12-31T23:59:59.999Z" })],
  },
  "few-rules-in-sandboxes": {
    good: [aRegistryOf(...many(10)), elsewhere(aRegistryOf(...many(11)))],
    bad: [aRegistryOf(...many(11))],
  },
};

it("does not catch the errors of the facts", () => {
  const refusal = new Error("it is not known yet");
  const rule: PullThroughCacheRule = {
    ...aRule(),
    get credentialArn(): string {
      throw refusal;
    },
  };
  const registry = { ...aSnapshot(), rules: present([{ rule, validation: present(valid) }]) };
  const asked = { registry, policy: aPolicy(), now: NOW, inScope: () => true };
  expect(() => customCheck(aCustomCheck()).evaluate(asked)).toThrow(refusal);
});

describe("the document's example", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/custom-checks.md"), "utf8");
  const blocks = Array.from(text.matchAll(/^```json\n(.*?)^```$/gms), ([, block]) => JSON.parse(block ?? ""));
  const documented = blocks.flatMap(
    (block) => z.strictObject({ customChecks: customChecksSchema }).parse(block).customChecks,
  );

  it("is tried, each of them", () => {
    expect(Object.keys(examples).toSorted()).toEqual(documented.map(({ id }) => id).toSorted());
  });

  it.each(documented)("$id is valid in a policy", (check) => {
    const file = aPolicyFile({ customChecks: [check] });
    expect(() => parsePolicy(file, "docs/custom-checks.md", checkIds)).not.toThrow();
  });

  it.each(documented)("$id does what it says", (check) => {
    const { good = [], bad = [] } = examples[check.id] ?? {};
    const statusesOf = (registry: RegistrySnapshot) =>
      evaluateWith(check, registry).map(([, status]) => status);
    for (const registry of good) expect(statusesOf(registry)).toEqual(statusesOf(registry).map(() => "PASS"));
    for (const registry of bad) expect(statusesOf(registry)).toContain("FAIL");
    expect(good.length * bad.length).toBeGreaterThan(0);
  });
});

function inAccount(accountName: string, rule: Partial<PullThroughCacheRule>): RegistrySnapshot {
  return { ...aRegistryOf(rule), target: aTarget({ accountName }) };
}

function secret(name: string): Partial<PullThroughCacheRule> {
  return { credentialArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf` };
}

function many(count: number): readonly Partial<PullThroughCacheRule>[] {
  return Array.from({ length: count }, (_, index) => ({ ecrRepositoryPrefix: `rule-${index}` }));
}

function elsewhere(registry: RegistrySnapshot): RegistrySnapshot {
  return { ...registry, target: aTarget({ organizationalUnits: ["r-ab12", "ou-ab12-99999999"] }) };
}
