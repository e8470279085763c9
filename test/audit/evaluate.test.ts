import { describe, expect, it } from "vitest";
import { type EvaluateOptions, evaluate } from "../../src/audit/evaluate.ts";
import { findingId } from "../../src/audit/identity.ts";
import type { Check, Judgement } from "../../src/checks/define-check.ts";
import { checks } from "../../src/checks/index.ts";
import { unreadable } from "../../src/model/evidence.ts";
import { findingSchema } from "../../src/model/finding.ts";
import { aPolicy, aRegistryOf, aSnapshot, NOW } from "../support/builders.ts";

const options: EvaluateOptions = { now: NOW, inScope: () => true, includePassing: false };
const twoRules = aRegistryOf({}, { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" });

/** A check that stands in for another, by its id, and answers what it is told to. */
function aCheck(id: string, judge: Check["judge"]): Check {
  return {
    id,
    severity: "medium",
    title: `Title of ${id}`,
    failsWhen: "…",
    docs: `docs/checks/${id}.md`,
    judge,
  };
}

function aJudgement(overrides: Partial<Judgement> = {}): Judgement {
  return {
    status: "FAIL",
    prefix: "docker-hub",
    subject: "",
    kind: "bad",
    data: { why: "so" },
    prose: () => ({ title: "Bad", message: "It is bad.", remediation: "Mend it." }),
    ...overrides,
  };
}

const failing = aCheck("root-prefix", () => [aJudgement()]);
const content = aCheck("prefix-convention", () => [
  aJudgement({ status: "PASS", kind: "passes" }),
  aJudgement({ status: "NOT_APPLICABLE", kind: "not-demanded" }),
]);
const throwing = aCheck("allowed-upstream", () => {
  throw new TypeError("x is not a function");
});

describe("evaluate", () => {
  it("makes a finding of a judgement", () => {
    const { findings } = evaluate(twoRules, aPolicy(), [failing], options);
    const identity = {
      account: "111122223333",
      region: "eu-west-1",
      prefix: "docker-hub",
      check: "root-prefix",
    };
    const finding = {
      ...identity,
      id: findingId({ ...identity, subject: "" }),
      status: "FAIL",
      severity: "medium",
      accountName: "payments-prod",
      organizationalUnits: ["r-ab12", "ou-ab12-34567890"],
      kind: "bad",
      data: { why: "so" },
      title: "Bad",
      message: "It is bad.",
      remediation: "Mend it.",
      docs: "docs/checks/root-prefix.md",
      waiver: null,
    };
    expect(findings).toEqual([finding]);
    const times = { firstSeenAt: "", lastSeenAt: "", transition: null, stale: false };
    expect(findingSchema.parse({ ...findings[0], ...times })).toEqual({ ...finding, ...times });
  });

  it("counts every answer, and keeps those that are not content", () => {
    const { counts, findings } = evaluate(twoRules, aPolicy(), [failing, content], options);
    expect(counts).toEqual({ PASS: 1, FAIL: 1, UNKNOWN: 0, NOT_APPLICABLE: 1, WAIVED: 0 });
    expect(findings.map(({ status }) => status)).toEqual(["FAIL"]);
  });

  it("keeps those that are content too when asked to, and counts the same", () => {
    const asked = evaluate(twoRules, aPolicy(), [failing, content], { ...options, includePassing: true });
    expect(asked.findings.map(({ status }) => status)).toEqual(["FAIL", "PASS", "NOT_APPLICABLE"]);
    expect(asked.counts).toEqual(evaluate(twoRules, aPolicy(), [failing, content], options).counts);
  });

  it("puts nothing into words that it does not keep", () => {
    const speechless = aCheck("prefix-convention", () => [
      aJudgement({
        status: "PASS",
        prose: () => {
          throw new Error("nobody may ask");
        },
      }),
    ]);
    expect(evaluate(twoRules, aPolicy(), [speechless], options).gaps).toEqual([]);
  });

  it("gives every check the registry, the policy, the time and what is in scope", () => {
    const given: unknown[] = [];
    const curious = aCheck("root-prefix", (subject) => {
      given.push(subject);
      return [];
    });
    const policy = aPolicy();
    evaluate(twoRules, policy, [curious, curious], options);
    const subject = { registry: twoRules, policy, now: NOW, inScope: options.inScope };
    expect(given).toEqual([subject, subject]);
  });

  it.each([
    { what: "all rules of a registry", registry: twoRules, inScope: () => true, rules: 2 },
    { what: "only the rules in scope", registry: twoRules, inScope: (p: string) => p === "quay", rules: 1 },
    { what: "none where there are none", registry: aRegistryOf(), inScope: () => true, rules: 0 },
    {
      what: "none where they could not be listed",
      registry: aSnapshot({ rules: unreadable("timeout", "ecr:DescribePullThroughCacheRules", "") }),
      inScope: () => true,
      rules: 0,
    },
  ])("counts $what", ({ registry, inScope, rules }) => {
    expect(evaluate(registry, aPolicy(), [], { ...options, inScope }).rules).toBe(rules);
  });

  it("gives the same answer to the same question, and leaves the question alone", () => {
    const question = structuredClone({ registry: twoRules, policy: aPolicy() });
    const ask = () =>
      evaluate(question.registry, question.policy, checks, { ...options, includePassing: true });
    expect(ask()).toEqual(ask());
    expect(question).toEqual({ registry: twoRules, policy: aPolicy() });
  });
});

describe("the policy's settings of a check", () => {
  it("turn it off", () => {
    const policy = aPolicy({ checks: { "root-prefix": { enabled: false } } });
    const { counts, findings } = evaluate(twoRules, policy, [failing, content], options);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ FAIL: 0, PASS: 1 });
  });

  it("turn it off even when it would throw", () => {
    const policy = aPolicy({ checks: { "allowed-upstream": { enabled: false } } });
    expect(evaluate(twoRules, policy, [throwing], options)).toMatchObject({ findings: [], gaps: [] });
  });

  it("leave it on when they say so, or only speak of the severity", () => {
    const policy = aPolicy({ checks: { "root-prefix": { enabled: true, severity: "critical" } } });
    const { findings } = evaluate(twoRules, policy, [failing], options);
    expect(findings).toMatchObject([{ check: "root-prefix", severity: "critical" }]);
  });

  it("give it another severity, and no other check", () => {
    const policy = aPolicy({ checks: { "root-prefix": { severity: "informational" } } });
    const other = aCheck("overlapping-prefixes", () => [aJudgement()]);
    const { findings } = evaluate(twoRules, policy, [failing, other], options);
    expect(findings.map(({ severity }) => severity)).toEqual(["informational", "medium"]);
  });
});

describe("a check that throws", () => {
  const evaluation = evaluate(twoRules, aPolicy(), [throwing, failing], options);

  it("makes one UNKNOWN for the registry as a whole, which says so", () => {
    expect(evaluation.findings[0]).toMatchObject({
      check: "allowed-upstream",
      status: "UNKNOWN",
      prefix: null,
      kind: "check-crashed",
      data: { error: "TypeError: x is not a function" },
      title: "Check failed to run: Title of allowed-upstream",
      message: "The check itself failed: TypeError: x is not a function",
    });
  });

  it("makes a gap, for what it would have said is not known", () => {
    expect(evaluation.gaps).toEqual([
      {
        account: "111122223333",
        accountName: "payments-prod",
        region: "eu-west-1",
        state: "partial",
        reason: "check-error",
        operation: "check:allowed-upstream",
        detail: "TypeError: x is not a function",
        prefixes: [],
      },
    ]);
  });

  it("lets the others go on", () => {
    expect(evaluation.counts).toMatchObject({ UNKNOWN: 1, FAIL: 1 });
    expect(evaluation.findings.map(({ check }) => check)).toEqual(["allowed-upstream", "root-prefix"]);
  });

  it("may throw anything", () => {
    const rude = aCheck("root-prefix", () => {
      throw "a text";
    });
    const { findings } = evaluate(twoRules, aPolicy(), [rude], options);
    expect(findings).toMatchObject([{ status: "UNKNOWN", data: { error: "a text" } }]);
  });

  it("may throw only when it is to find words", () => {
    const speechless = aCheck("root-prefix", () => [
      aJudgement({
        prose: () => {
          throw new RangeError("no words");
        },
      }),
    ]);
    const { counts, findings, gaps } = evaluate(twoRules, aPolicy(), [speechless, failing], options);
    expect(counts).toMatchObject({ UNKNOWN: 1, FAIL: 1 });
    expect(findings).toMatchObject([{ kind: "check-crashed", data: { error: "RangeError: no words" } }, {}]);
    expect(gaps).toMatchObject([{ reason: "check-error", operation: "check:root-prefix" }]);
  });
});
