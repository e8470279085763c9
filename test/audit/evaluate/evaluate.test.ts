import { describe, expect, it } from "vitest";
import { type EvaluateOptions, evaluate } from "../../../src/audit/evaluate/evaluate.ts";
import type { PrefixFilter } from "../../../src/audit/plan/request.ts";
import { checks } from "../../../src/checks/index.ts";
import { findingId } from "../../../src/core/ids.ts";
import { absent, unreadable } from "../../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../../src/facts/snapshot.ts";
import { findingSchema } from "../../../src/schemas/finding.ts";
import { aDemandingPolicy, aPolicy, aRegistryOf, aSnapshot, aWaiver, NOW } from "../../support/builders.ts";
import { aCheck, anEvaluation, findingCollectorOptions } from "../fakes.ts";

const registryChecks = checks.filter((check) => check.looksAt === "registry");

const options: EvaluateOptions = { ...findingCollectorOptions(), now: NOW, inScope: () => true };
const twoRules = aRegistryOf({}, { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" });

const denied = unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "denied");

const failing = aCheck("root-prefix", () => [anEvaluation()]);
const content = aCheck("prefix-convention", () => [
  anEvaluation({ status: "PASS", kind: "passes" }),
  anEvaluation({ status: "NOT_APPLICABLE", kind: "not-demanded" }),
]);
const throwing = aCheck("allowed-upstream", () => {
  throw new TypeError("x is not a function");
});

describe("evaluate", () => {
  it("makes a finding of a result", () => {
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
      owner: null,
      cause: null,
      openDays: null,
      changedBy: null,
      steps: [],
      docsUrl: "",
      consoleUrl: "",
      requirements: [],
    };
    expect(findings).toEqual([finding]);
    const times = {
      firstSeenAt: "",
      lastSeenAt: "",
      transition: null,
      flapping: null,
      eventId: null,
      stale: false,
    };
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

  const reads: readonly { registry: RegistrySnapshot; named: string }[] = [
    { registry: twoRules, named: "a registry with two rules" },
    { registry: aRegistryOf(), named: "a registry without rules" },
    { registry: aSnapshot({ rules: absent }), named: "a registry that is not there" },
    { registry: aSnapshot({ rules: denied }), named: "a registry that could not be read" },
  ];
  const scopes: readonly { inScope: PrefixFilter; within: string }[] = [
    { inScope: () => true, within: "as a whole" },
    { inScope: (prefix) => prefix === "quay", within: "for one rule" },
  ];

  it.each(reads.flatMap((read) => scopes.map((scope) => ({ ...read, ...scope }))))(
    "counts the same of every check of $named $within, whether it keeps all or not",
    ({ registry, inScope }) => {
      for (const policy of [aPolicy(), aDemandingPolicy()]) {
        const asked = { ...options, inScope };
        const kept = evaluate(registry, policy, registryChecks, { ...asked, includePassing: true });
        expect(evaluate(registry, policy, registryChecks, asked).counts).toEqual(kept.counts);
      }
    },
  );

  it("does not ask a check that the policy does not require", () => {
    const undemanded = aCheck("allowed-upstream", throwing.evaluate, { isDemanded: () => false });
    const { counts, gaps } = evaluate(twoRules, aPolicy(), [undemanded], options);
    expect(counts).toEqual({ PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 2, WAIVED: 0 });
    expect(gaps).toEqual([]);
  });

  it("puts nothing into words that it does not keep", () => {
    const speechless = aCheck("prefix-convention", () => [
      anEvaluation({
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
    const subject = { registry: twoRules, policy, now: NOW, inScope: options.inScope, changes: [] };
    expect(given).toEqual([subject, subject]);
  });

  it.each<{ what: string; registry: RegistrySnapshot; inScope: PrefixFilter; rules: number }>([
    { what: "all rules of a registry", registry: twoRules, inScope: () => true, rules: 2 },
    { what: "only the rules in scope", registry: twoRules, inScope: (prefix) => prefix === "quay", rules: 1 },
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
    const question = structuredClone({ registry: twoRules, policy: aDemandingPolicy() });
    const ask = () =>
      evaluate(question.registry, question.policy, registryChecks, { ...options, includePassing: true });
    expect(ask()).toEqual(ask());
    expect(question).toEqual({ registry: twoRules, policy: aDemandingPolicy() });
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
    const other = aCheck("overlapping-prefixes", () => [anEvaluation()]);
    const { findings } = evaluate(twoRules, policy, [failing, other], options);
    expect(findings.map(({ severity }) => severity)).toEqual(["informational", "medium"]);
  });
});

describe("a waiver", () => {
  const answering = (status: "PASS" | "FAIL" | "UNKNOWN" | "NOT_APPLICABLE") =>
    aCheck("root-prefix", () => [anEvaluation({ status })]);
  const ask = (status: "PASS" | "FAIL" | "UNKNOWN" | "NOT_APPLICABLE", waiver = aWaiver()) => {
    const waived = { ...options, ...findingCollectorOptions(waiver), includePassing: true };
    return evaluate(twoRules, aPolicy(), [answering(status)], waived);
  };

  it("makes a failure WAIVED, and says by whom, why and until when", () => {
    const { counts, findings } = ask("FAIL");
    expect(counts).toEqual({ PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0, WAIVED: 1 });
    const { reason, owner, ticket, expires } = aWaiver();
    expect(findings).toMatchObject([{ status: "WAIVED", waiver: { reason, owner, ticket, expires } }]);
  });

  it("keeps the failure's words and identity", () => {
    const { status: _, waiver: __, ...waived } = ask("FAIL").findings[0] ?? {};
    const {
      status: ___,
      waiver: ____,
      ...failing
    } = evaluate(twoRules, aPolicy(), [answering("FAIL")], options).findings[0] ?? {};
    expect(waived).toEqual(failing);
  });

  it("is kept among the findings of an audit that leaves out what passes", () => {
    const waived = { ...options, ...findingCollectorOptions(aWaiver()) };
    expect(evaluate(twoRules, aPolicy(), [answering("FAIL")], waived).findings).toMatchObject([
      { status: "WAIVED" },
    ]);
  });

  it("without a ticket says that there is none", () => {
    const { ticket: _, ...withoutTicket } = aWaiver();
    expect(ask("FAIL", withoutTicket).findings).toMatchObject([{ waiver: { ticket: null } }]);
  });

  it.each(["UNKNOWN", "PASS", "NOT_APPLICABLE"] as const)(
    "changes nothing about %s, and is not needed",
    (status) => {
      const waivers = findingCollectorOptions(aWaiver()).waivers;
      const { counts, findings } = evaluate(twoRules, aPolicy(), [answering(status)], {
        ...options,
        includePassing: true,
        waivers,
      });
      expect(findings).toMatchObject([{ status, waiver: null }]);
      expect(counts).toMatchObject({ [status]: 1, WAIVED: 0 });
      expect(waivers.notices().unused).toHaveLength(1);
    },
  );

  it("does not hold for a check that failed to run", () => {
    const waived = { ...options, ...findingCollectorOptions(aWaiver()) };
    const { findings, gaps } = evaluate(twoRules, aPolicy(), [throwing], waived);
    expect(findings).toMatchObject([{ status: "UNKNOWN", waiver: null }]);
    expect(gaps).toHaveLength(1);
  });

  it.each([
    { what: "another check", waiver: aWaiver({ check: "prefix-*" }) },
    { what: "another account", waiver: aWaiver({ accounts: ["444455556666"] }) },
    { what: "another region", waiver: aWaiver({ regions: ["us-*"] }) },
    { what: "another prefix", waiver: aWaiver({ prefixes: ["quay"] }) },
    { what: "the past", waiver: aWaiver({ expires: "2026-11-19" }) },
  ])("for $what does not hold", ({ waiver }) => {
    expect(ask("FAIL", waiver).findings).toMatchObject([{ status: "FAIL", waiver: null }]);
  });
});

describe("a fact that a check needs and that was not collected", () => {
  const unread = (prefix: string | null, reason: string) =>
    anEvaluation({
      status: "UNKNOWN",
      prefix,
      kind: "evidence-unreadable",
      data: { reason, operation: "ecr:GetRegistryPolicy", detail: "nobody asked" },
    });

  it.each([
    { what: "a rule", prefix: "quay", prefixes: ["quay"] },
    { what: "the registry", prefix: null, prefixes: [] },
  ])("leaves UNKNOWN and a gap for $what", ({ prefix, prefixes }) => {
    const check = aCheck("root-prefix", () => [unread(prefix, "not-collected")]);
    const { counts, gaps } = evaluate(twoRules, aPolicy(), [check], options);
    expect(counts).toMatchObject({ UNKNOWN: 1 });
    expect(gaps).toEqual([
      {
        account: "111122223333",
        accountName: "payments-prod",
        region: "eu-west-1",
        state: "partial",
        reason: "not-collected",
        operation: "ecr:GetRegistryPolicy",
        detail: "nobody asked",
        prefixes,
      },
    ]);
  });

  it("is the registry's own gap if reading failed: no second gap is added", () => {
    const check = aCheck("root-prefix", () => [unread(null, "throttled")]);
    expect(evaluate(twoRules, aPolicy(), [check], options)).toMatchObject({
      counts: { UNKNOWN: 1 },
      gaps: [],
    });
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
      message: "The check threw an error: TypeError: x is not a function",
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
      anEvaluation({
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
