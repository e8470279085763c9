import { describe, expect, it } from "vitest";
import type { CheckEvaluation, RegistryCheck } from "../../src/checks/evaluation.ts";
import { absent, present, unreadable, unreadableReasonSchema } from "../../src/facts/evidence.ts";
import type { FactName } from "../../src/facts/index.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aPolicy, aRegistryOf, aSnapshot } from "./builders.ts";
import {
  forEveryReason,
  type RegistryTable,
  type RegistryTrial,
  tryOn,
  tryWaiving,
  untriedFacts,
} from "./check-tester.ts";

const docker = aRegistryOf({ ecrRepositoryPrefix: "docker" });
const bad = { kind: "bad", prefix: "docker", data: {} };
const failing: CheckEvaluation = {
  status: "FAIL",
  subject: "",
  ...bad,
  prose: () => ({ title: "Bad", message: "It is bad.", remediation: "Mend it." }),
  action: () => ({ action: "instruct" }),
};

const policy = aPolicy();

function trialWith(changes: Partial<RegistryTrial>): RegistryTrial {
  return { given: { name: "fails", registry: docker }, status: "FAIL", says: [bad], ...changes };
}

const trial = trialWith({});

function checkSaying(...evaluations: readonly CheckEvaluation[]): RegistryCheck {
  return checkThat(() => [...evaluations]);
}

function checkThat(evaluate: RegistryCheck["evaluate"], facts: readonly FactName[] = []): RegistryCheck {
  return {
    id: "c",
    looksAt: "registry",
    resultsPer: "rule",
    severity: "low",
    title: "C",
    failsWhen: "…",
    docs: "docs/checks/c.md",
    requirements: [],
    factsUnder: () => facts,
    predictable: false,
    isDemanded: () => true,
    isAskedBy: () => true,
    causeOf: () => null,
    stepsFor: () => [],
    evaluate,
  };
}

function worded(words: Partial<ReturnType<CheckEvaluation["prose"]>>): CheckEvaluation {
  return { ...failing, prose: () => ({ ...failing.prose(), ...words }) };
}

describe("a trial", () => {
  it("succeeds when the check says what is expected", () => {
    expect(() => tryOn(checkSaying(failing), trial, policy)).not.toThrow();
  });

  it("succeeds when the check says nothing, and this is expected", () => {
    expect(() => tryOn(checkSaying(), trialWith({ says: "nothing" }), policy)).not.toThrow();
  });

  it("evaluates only what the audit is narrowed to", () => {
    const check = checkThat(({ inScope }) =>
      ["docker", "quay", null].filter(inScope).map((prefix) => ({ ...failing, prefix })),
    );
    const narrowed = trialWith({ given: { ...trial.given, evaluating: ["docker"] } });
    expect(() => tryOn(check, narrowed, policy)).not.toThrow();
    expect(() => tryOn(check, trial, policy)).toThrow();
  });

  it("evaluates by the table's policy if the case has no other", () => {
    const byName = checkThat(({ policy: { name } }) => [{ ...failing, kind: name }]);
    const other = { ...trial.given, policy: aPolicy({ name: "other" }) };
    const named = aPolicy({ name: "bad" });
    expect(() => tryOn(byName, trial, named)).not.toThrow();
    expect(() => tryOn(byName, trialWith({ given: other }), named)).toThrow();
  });

  const defects = [
    { defect: "says nothing", check: checkSaying() },
    { defect: "has another status", check: checkSaying({ ...failing, status: "UNKNOWN" }) },
    { defect: "has one more result", check: checkSaying(failing, { ...failing, subject: "b" }) },
    { defect: "says another kind", check: checkSaying({ ...failing, kind: "worse" }) },
    { defect: "speaks of another prefix", check: checkSaying({ ...failing, prefix: null }) },
    { defect: "has a subject that is not expected", check: checkSaying({ ...failing, subject: "b" }) },
    { defect: "has other data", check: checkSaying({ ...failing, data: { more: 1 } }) },
    { defect: "has no title", check: checkSaying(worded({ title: "" })) },
    { defect: "has an empty message", check: checkSaying(worded({ message: " " })) },
    { defect: "says undefined", check: checkSaying(worded({ message: "Rule undefined is bad." })) },
    { defect: "says null", check: checkSaying(worded({ remediation: "Delete null." })) },
    {
      defect: "says [object Object]",
      check: checkSaying(worded({ remediation: "Delete [object Object]." })),
    },
    {
      defect: "changes the registry",
      check: checkThat(({ registry }) => {
        Object.assign(registry.target, { region: "us-east-1" });
        return [failing];
      }),
    },
    {
      defect: "changes the policy",
      check: checkThat(({ policy: { prefixes } }) => {
        Object.assign(prefixes, { root: "allow" });
        return [failing];
      }),
    },
  ];
  it.each(defects)("fails when the check $defect", ({ check }) => {
    expect(() => tryOn(check, trial, policy)).toThrow();
  });

  it("fails if two results cannot be distinguished", () => {
    const twice = trialWith({ says: [bad, bad] });
    expect(() => tryOn(checkSaying(failing, failing), twice, policy)).toThrow();
  });

  it("fails when the check speaks although nothing is expected", () => {
    expect(() => tryOn(checkSaying(failing), trialWith({ says: "nothing" }), policy)).toThrow();
  });

  it("fails if a passing result says more than that", () => {
    const check = checkSaying({ ...failing, status: "PASS" });
    expect(() => tryOn(check, trialWith({ status: "PASS", says: "passes" }), policy)).toThrow();
  });

  it("fails when the registry is none that a snapshot file could hold", () => {
    const oddRule = { ...docker, rules: present([{ rule: {}, validation: absent }]) };
    const registry: RegistrySnapshot = Object.assign({ ...docker }, oddRule);
    const odd = trialWith({ given: { name: "odd", registry } });
    expect(() => tryOn(checkSaying(failing), odd, policy)).toThrow();
  });
});

describe("a trial of a waiver", () => {
  it("succeeds when the failure is waived", () => {
    expect(() => tryWaiving(checkSaying(failing), trial, policy)).not.toThrow();
  });

  it.each([
    { defect: "does not fail", check: checkSaying({ ...failing, status: "UNKNOWN" }) },
    { defect: "fails once more", check: checkSaying(failing, { ...failing, subject: "b" }) },
    { defect: "says nothing", check: checkSaying() },
    {
      defect: "throws",
      check: checkThat(() => {
        throw new Error("broken");
      }),
    },
  ])("fails when the check $defect", ({ check }) => {
    expect(() => tryWaiving(check, trial, policy)).toThrow();
  });
});

describe("a check's facts", () => {
  const scanningUnread = aSnapshot({ scanning: unreadable("throttled", "ecr:X", "slow down") });
  const data = { reason: "throttled", operation: "ecr:X", detail: "slow down" };
  const unknown = { kind: "evidence-unreadable", prefix: null, data };
  const table: RegistryTable = {
    text: { kinds: {} },
    passes: [{ name: "passes", registry: docker }],
    fails: { never: "it is only an example" },
    unknownCases: [{ name: "scanning", registry: scanningUnread, says: [unknown] }],
    doesNotApply: { never: "it is only an example" },
  };

  it.each([{ facts: [] }, { facts: ["scanning"] }] as const)(
    "need no further case where $facts was tried unread",
    ({ facts }) => {
      expect(
        untriedFacts(
          checkThat(() => [], facts),
          table,
          policy,
        ),
      ).toEqual([]);
    },
  );

  it("need each a case in which they could not be read", () => {
    const check = checkThat(() => [], ["creationTemplates", "scanning", "registryPolicy", "secrets"]);
    expect(untriedFacts(check, table, policy)).toEqual([
      "has no case under unknownCases with unreadable creationTemplates",
      "has no case under unknownCases with unreadable registryPolicy",
      "has no case under unknownCases with unreadable secrets",
    ]);
  });

  it("are tried for every reason why they could not be read", () => {
    const trials = forEveryReason({
      given: { name: "scanning", registry: scanningUnread },
      status: "UNKNOWN",
      says: [unknown, bad],
    });
    expect(trials).toHaveLength(unreadableReasonSchema.options.length);
    expect(trials[1]).toEqual({
      given: {
        name: "scanning: denied-by-scp",
        registry: aSnapshot({ scanning: unreadable("denied-by-scp", "ecr:X", "slow down") }),
      },
      status: "UNKNOWN",
      says: [{ ...unknown, data: { ...data, reason: "denied-by-scp" } }, bad],
    });
  });

  it("are left alone where all of them were read", () => {
    expect(forEveryReason(trial)).toEqual([trial]);
  });
});
