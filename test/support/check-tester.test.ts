import { describe, expect, it } from "vitest";
import type { Check, Judgement } from "../../src/checks/define-check.ts";
import { absent, present } from "../../src/model/evidence.ts";
import type { RegistrySnapshot } from "../../src/model/snapshot.ts";
import { aPolicy, aRegistryOf, aSnapshot } from "./builders.ts";
import { type CheckTable, type Trial, tableProblems, tryOn } from "./check-tester.ts";

const docker = aRegistryOf({ ecrRepositoryPrefix: "docker" });
const quay = aRegistryOf({ ecrRepositoryPrefix: "quay" });
const bad = { kind: "bad", prefix: "docker", data: {} };

describe("a table", () => {
  const full = {
    text: { kinds: { bad: {} } },
    passes: [{ name: "passes", registry: docker }],
    fails: [{ name: "fails", registry: quay, says: [bad] }],
    cannotTell: { never: "it reads rules alone" },
    doesNotApply: [{ name: "no rules", registry: aSnapshot({ rules: absent }), says: "nothing" }],
  } satisfies CheckTable;

  it("is accepted when it is full", () => {
    expect(tableProblems(full)).toEqual([]);
  });

  const { passes: _, ...withoutPasses } = full;
  const cases = [
    { hole: "a group is not there", table: withoutPasses, problem: "lacks the group passes" },
    { hole: "a group is empty", table: { ...full, passes: [] }, problem: "lacks the group passes" },
    {
      hole: "a group is left out without a reason",
      table: { ...full, cannotTell: { never: " " } },
      problem: "lacks the group cannotTell",
    },
    {
      hole: "two cases have one name",
      table: { ...full, passes: [{ name: "fails", registry: docker }] },
      problem: "has two cases called fails",
    },
    {
      hole: "two cases are one, the default policy once spelled out",
      table: { ...full, passes: [{ name: "passes", registry: quay, policy: aPolicy() }] },
      problem: expect.stringContaining("has two cases with the same input: "),
    },
    {
      hole: "a kind is not tried",
      table: { ...full, text: { kinds: { bad: {}, worse: {} } } },
      problem: "has no case of the kind worse",
    },
  ];
  it.each(cases)("is refused when $hole", ({ table, problem }) => {
    expect(tableProblems(table)).toEqual([problem]);
  });
});

describe("a trial", () => {
  const failing: Judgement = {
    status: "FAIL",
    subject: "",
    ...bad,
    prose: () => ({ title: "Bad", message: "It is bad.", remediation: "Mend it." }),
  };
  const trial: Trial = { name: "fails", registry: docker, status: "FAIL", says: [bad] };

  function checkSaying(...judgements: readonly Judgement[]): Check {
    return checkThat(() => [...judgements]);
  }

  function checkThat(judge: Check["judge"]): Check {
    return { id: "c", severity: "low", title: "C", failsWhen: "…", docs: "docs/checks/c.md", judge };
  }

  function worded(words: Partial<ReturnType<Judgement["prose"]>>): Judgement {
    return { ...failing, prose: () => ({ ...failing.prose(), ...words }) };
  }

  it("succeeds when the check says what is expected", () => {
    expect(() => tryOn(checkSaying(failing), trial)).not.toThrow();
  });

  it("succeeds when the check says nothing, and this is expected", () => {
    expect(() => tryOn(checkSaying(), { ...trial, says: "nothing" })).not.toThrow();
  });

  it("judges only what the audit is narrowed to", () => {
    const check = checkThat(({ inScope }) =>
      ["docker", "quay"].filter(inScope).map((prefix) => ({ ...failing, prefix })),
    );
    expect(() => tryOn(check, { ...trial, judging: ["docker"] })).not.toThrow();
    expect(() => tryOn(check, trial)).toThrow();
  });

  const defects = [
    { defect: "says nothing", check: checkSaying() },
    { defect: "has another status", check: checkSaying({ ...failing, status: "UNKNOWN" }) },
    { defect: "has one more judgement", check: checkSaying(failing, { ...failing, subject: "b" }) },
    { defect: "says another kind", check: checkSaying({ ...failing, kind: "worse" }) },
    { defect: "speaks of another prefix", check: checkSaying({ ...failing, prefix: null }) },
    { defect: "tells a subject that is not expected", check: checkSaying({ ...failing, subject: "b" }) },
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
      check: checkThat(({ policy }) => {
        Object.assign(policy.prefixes, { root: "allow" });
        return [failing];
      }),
    },
  ];
  it.each(defects)("fails when the check $defect", ({ check }) => {
    expect(() => tryOn(check, trial)).toThrow();
  });

  it("fails when two judgements can not be told apart", () => {
    expect(() => tryOn(checkSaying(failing, failing), { ...trial, says: [bad, bad] })).toThrow();
  });

  it("fails when the check speaks although nothing is expected", () => {
    expect(() => tryOn(checkSaying(failing), { ...trial, says: "nothing" })).toThrow();
  });

  it("fails when a passing judgement says more than that", () => {
    const check = checkSaying({ ...failing, status: "PASS" });
    expect(() =>
      tryOn(check, { name: "passes", registry: docker, status: "PASS", says: "passes" }),
    ).toThrow();
  });

  it("fails when the registry is none that a snapshot file could hold", () => {
    const oddRule = { ...docker, rules: present([{ rule: {}, validation: absent }]) };
    const registry: RegistrySnapshot = Object.assign({ ...docker }, oddRule);
    expect(() => tryOn(checkSaying(failing), { ...trial, registry })).toThrow();
  });
});
