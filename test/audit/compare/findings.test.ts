import { describe, expect, it } from "vitest";
import { compare } from "../../../src/audit/compare/compare.ts";
import { aRule } from "../../support/builders.ts";
import { aFailure, anAudit, anAuditScope, auditScopeOf, audits, day, delivered, HERE } from "./support.ts";

const failure = aFailure();
const fails = { findings: [failure] };
const opened = { transition: "opened", alert: true, stale: false };
const unchanged = { transition: "unchanged", alert: false, stale: false };
const resolved = { transition: "resolved", alert: true, stale: false };
const stale = { transition: "unchanged", alert: false, stale: true };

describe("a finding", () => {
  it("is opened once and unchanged after", () => {
    const [first, second, third] = audits(fails, fails, fails);
    expect(delivered(first?.findings)).toEqual([opened]);
    expect(delivered(second?.findings)).toEqual([unchanged]);
    expect(delivered(third?.findings)).toEqual([unchanged]);
  });

  it("keeps when it was first seen, and moves when it was last seen", () => {
    const [, second] = audits(fails, fails);
    expect(second?.findings).toMatchObject([
      { firstSeenAt: day(0).toISOString(), lastSeenAt: day(1).toISOString() },
    ]);
  });

  it("that is gone is resolved once, and passes", () => {
    const [, second, third] = audits(fails, {}, {});
    expect(delivered(second?.findings)).toEqual([resolved]);
    expect(second?.findings).toMatchObject([{ id: failure.id, status: "PASS" }]);
    expect(third?.findings).toEqual([]);
  });

  it("whose rule was deleted is resolved", () => {
    const [, second] = audits(fails, { auditScope: auditScopeOf([]) });
    expect(delivered(second?.findings)).toEqual([resolved]);
  });

  it("that passes and is reported as passing is resolved once", () => {
    const passes = { findings: [aFailure({ status: "PASS", kind: "passes", data: {} })] };
    const [, second, third] = audits(fails, passes, passes);
    expect(delivered(second?.findings)).toEqual([resolved]);
    expect(delivered(third?.findings)).toEqual([{ transition: null, alert: false, stale: false }]);
  });

  it("that is waived from now on is resolved, as waived", () => {
    const waiver = { reason: "old", owner: "team-a", ticket: null, expires: "2027-01-31" };
    const [, second] = audits(fails, { findings: [aFailure({ status: "WAIVED", waiver })] });
    expect(delivered(second?.findings)).toEqual([resolved]);
    expect(second?.findings).toMatchObject([{ status: "WAIVED", waiver }]);
  });

  it("that was never open and does not fail has no transition", () => {
    const [first] = audits({
      findings: [aFailure({ status: "UNKNOWN" }), aFailure({ status: "WAIVED", subject: "b" })],
    });
    expect(delivered(first?.findings)).toEqual([
      { transition: null, alert: false, stale: false },
      { transition: null, alert: false, stale: false },
    ]);
    expect(first?.state.findings).toEqual({});
  });
});

describe("a change", () => {
  it.each([
    ["kind", { kind: "other" }],
    ["severity", { severity: "low" as const }],
    ["data", { data: { failure: "another" } }],
  ])("of %s is reported", (_name, change) => {
    const [, second] = audits(fails, { findings: [aFailure(change)] });
    expect(delivered(second?.findings)).toEqual([{ transition: "changed", alert: true, stale: false }]);
    expect(second?.findings).toMatchObject([{ ...change, firstSeenAt: day(0).toISOString() }]);
  });

  it.each([
    ["the account's name", { accountName: "renamed" }],
    ["the words", { message: "put otherwise", title: "another title" }],
    ["the order of the data's keys", { data: { b: 1, a: [{ y: 1, x: 2 }] } }],
  ])("of %s is none", (_name, change) => {
    const before = "data" in change ? { data: { a: [{ x: 2, y: 1 }], b: 1 } } : {};
    const [, second] = audits({ findings: [aFailure(before)] }, { findings: [aFailure(change)] });
    expect(delivered(second?.findings)).toEqual([unchanged]);
  });
});

describe("a reminder", () => {
  const reminding = (at: number) => ({ ...fails, now: day(at), remindAfterDays: 7 });

  it("is due when the days are over, and again after as many", () => {
    const results = audits(reminding(0), reminding(6), reminding(7), reminding(13), reminding(14));
    expect(results.map(({ findings }) => findings[0]?.transition)).toEqual([
      "opened",
      "unchanged",
      "reminded",
      "unchanged",
      "reminded",
    ]);
  });

  it("is not a night late where the schedule starts some seconds early", () => {
    const early = 5 / 86_400;
    const escalate = { afterDays: 10, minimumSeverity: "high" } as const;
    const at = (days: number) => ({ ...reminding(days - early * days), escalate });
    const told = audits(at(0), at(6), at(7), at(9), at(10), at(16), at(17));
    expect(told.map(({ findings }) => findings[0]?.transition)).toEqual([
      "opened",
      "unchanged",
      "reminded",
      "unchanged",
      "reminded",
      "unchanged",
      "reminded",
    ]);
  });

  it("is never due where the policy asks for none", () => {
    const [, second] = audits(fails, { ...fails, now: day(400) });
    expect(delivered(second?.findings)).toEqual([unchanged]);
  });

  it("is due once more when a finding of the severity has been open for the days of escalation", () => {
    const escalate = { afterDays: 10, minimumSeverity: "high" } as const;
    const at = (days: number) => ({ ...reminding(days), escalate });
    const told = audits(at(0), at(7), at(9), at(10), at(11), at(17)).map(
      ({ findings }) => findings[0]?.transition,
    );
    expect(told).toEqual(["opened", "reminded", "unchanged", "reminded", "unchanged", "reminded"]);
    const low = { escalate, findings: [aFailure({ severity: "low" })] };
    expect(delivered(audits(low, { ...low, now: day(10) })[1]?.findings)).toEqual([unchanged]);
  });

  it("counts from the last change", () => {
    const changed = { ...reminding(5), findings: [aFailure({ kind: "other" })] };
    const later = { ...changed, now: day(8) };
    const [, , third] = audits(reminding(0), changed, later);
    expect(delivered(third?.findings)).toEqual([unchanged]);
  });

  it("is due for what could not be seen too", () => {
    const [, second] = audits(reminding(0), {
      ...reminding(8),
      findings: [],
      auditScope: auditScopeOf(null),
    });
    expect(delivered(second?.findings)).toEqual([{ transition: "reminded", alert: true, stale: true }]);
  });
});

describe("a finding that comes and goes", () => {
  const told = (results: ReturnType<typeof audits>) =>
    results.map(({ findings }) => findings.find(({ eventId }) => eventId !== null)?.transition ?? null);
  const flapping = [fails, {}, fails, {}, fails];

  it("is opened at once when it fails again, and resolved at once until it flaps", () => {
    expect(told(audits(...flapping))).toEqual(["opened", "resolved", "opened", "resolved", "opened"]);
  });

  it("is resolved once that has held for a day, after its second return, with the count of its returns", () => {
    const results = audits(...flapping, {}, { now: day(5.9) }, { now: day(6) }, { now: day(7) });
    expect(told(results).slice(5)).toEqual([null, null, "resolved", null]);
    expect(results[5]?.findings).toMatchObject([{ status: "PASS", transition: null, flapping: null }]);
    expect(results[7]?.findings).toMatchObject([{ status: "PASS", transition: "resolved", flapping: 2 }]);
  });

  it("needs no further alert when it fails again before its resolution was reported", () => {
    const results = audits(...flapping, {}, fails, {}, fails);
    expect(told(results).slice(5)).toEqual([null, null, null, null]);
    expect(delivered(results.at(-1)?.findings)).toEqual([unchanged]);
    expect(results.at(-1)?.findings).toMatchObject([{ firstSeenAt: day(0).toISOString() }]);
  });

  it("alerts when it is another failure that returns", () => {
    const results = audits(...flapping, {}, { findings: [aFailure({ kind: "other" })] });
    expect(told(results).slice(5)).toEqual([null, "changed"]);
  });

  it("is opened at once when it fails again after its late resolution", () => {
    const results = audits(...flapping, {}, {}, fails);
    expect(told(results).slice(5)).toEqual([null, "resolved", "opened"]);
  });

  it("is reminded of when it returned before its resolution was reported", () => {
    const results = audits(...flapping, {}, { ...fails, now: day(30), remindAfterDays: 7 });
    expect(told(results).slice(5)).toEqual([null, "reminded"]);
  });

  it("is resolved late where its rule was deleted, and where it left the scope", () => {
    for (const auditScope of [auditScopeOf([]), anAuditScope({ registries: new Map() })]) {
      expect(told(audits(...flapping, { auditScope }, { auditScope })).slice(5)).toEqual([null, "resolved"]);
    }
  });

  it("is resolved at once where it is waived", () => {
    const waived = { findings: [aFailure({ status: "WAIVED" })] };
    for (const before of [[], [{}]]) {
      const results = audits(...flapping, ...before, { ...waived, now: day(5.5) });
      expect(results.at(-1)?.findings).toMatchObject([{ transition: "resolved", flapping: null }]);
    }
  });

  it("is not resolved while nobody can see it", () => {
    const unseen = [
      { auditScope: auditScopeOf(null) },
      { findings: [aFailure({ status: "UNKNOWN" })] },
      { auditScope: anAuditScope({ wholeScope: false, registries: new Map() }) },
    ];
    for (const one of unseen) {
      const results = audits(...flapping, {}, { ...one, now: day(20) }, { now: day(21) });
      expect(told(results).slice(5)).toEqual([null, null, "resolved"]);
    }
  });

  it("flaps by what happened within the policy's days of reminding", () => {
    const results = audits(...[...flapping, {}].map((audit) => ({ ...audit, remindAfterDays: 2 })));
    expect(told(results)).toEqual(["opened", "resolved", "opened", "resolved", "opened", "resolved"]);
  });

  it("opens under a new id for as long as consumers remember the old one, and is forgotten then", () => {
    const [first, , , , fifth] = audits(
      fails,
      {},
      { now: day(9) },
      { now: day(35) },
      { ...fails, now: day(35.5) },
    );
    expect(delivered(fifth?.findings)).toEqual([opened]);
    expect(fifth?.findings[0]?.eventId).not.toBe(first?.findings[0]?.eventId);
    expect(audits(fails, {}, { now: day(37) }).at(-1)?.state.findings).toEqual({});
  });

  it("is a new one after the period", () => {
    const [, , , fourth] = audits(fails, {}, { now: day(9) }, { ...fails, now: day(10) });
    expect(fourth?.state.findings[failure.id]?.returns).toBeUndefined();
    expect(delivered(fourth?.findings)).toEqual([opened]);
    expect(fourth?.findings).toMatchObject([{ firstSeenAt: day(10).toISOString() }]);
  });

  it("and was kept quiet by an older version is opened, or resolved without an alert", () => {
    const [first] = audits(fails);
    const known = first?.state.findings[failure.id];
    if (first === undefined || known === undefined) throw new Error("nothing is known");
    const state = { ...first.state, findings: { [failure.id]: { ...known, quiet: true } } };
    const still = compare(anAudit({ ...fails, now: day(1) }), state);
    expect(delivered(still.findings)).toEqual([opened]);
    const over = compare(anAudit({ now: day(1) }), state);
    expect(delivered(over.findings)).toEqual([{ transition: null, alert: false, stale: false }]);
  });
});

describe("a waiver", () => {
  const waiver = { reason: "old", owner: "team-a", ticket: null, expires: "2027-01-31" };
  const waived = { findings: [aFailure({ status: "WAIVED", waiver })] };
  const passes = { findings: [aFailure({ status: "PASS", kind: "passes", data: {} })] };
  const silent = { transition: null, alert: false, stale: false };
  const since = (days: number) => [{ firstSeenAt: day(days).toISOString() }];
  const persisted = { [failure.id]: { ...HERE, check: "rule-validation", prefix: "docker-hub" } };

  it("keeps when the finding was first seen, however long it holds", () => {
    const [, second, third] = audits(waived, waived, { ...waived, now: day(400) });
    expect(delivered(second?.findings)).toEqual([silent]);
    expect(second?.findings).toMatchObject(since(0));
    expect(third?.findings).toMatchObject(since(0));
  });

  it("of an open finding keeps when that was first seen", () => {
    const [, second, , fourth] = audits(fails, waived, waived, { ...waived, now: day(400) });
    expect(second?.findings).toMatchObject(since(0));
    expect(fourth?.findings).toMatchObject(since(0));
    expect(fourth?.state.findings).toEqual({});
  });

  it.each([
    ["that was open before", [fails, waived], 2],
    ["that was never open", [waived, waived], 2],
    ["that was open long before", [fails, waived, { ...waived, now: day(100) }], 101],
  ])("that ends leaves a finding %s failing: it is opened at once", (_what, before, at) => {
    const last = audits(...before, { ...fails, now: day(at) }).at(-1);
    expect(delivered(last?.findings)).toEqual([opened]);
    expect(last?.findings).toMatchObject(since(0));
    expect(last?.state.waived).toEqual({});
  });

  it("added and removed alerts each time, under a new ID", () => {
    const results = audits(fails, waived, fails, waived, fails);
    expect(results.map(({ findings }) => findings[0]?.transition)).toEqual([
      "opened",
      "resolved",
      "opened",
      "resolved",
      "opened",
    ]);
    expect(new Set(results.map(({ findings }) => findings[0]?.eventId)).size).toBe(5);
  });

  it.each([
    ["it is mended", {}],
    ["it is mended, and that is shown", passes],
    ["its rule is deleted", { auditScope: auditScopeOf([]) }],
    ["it left the scope", { auditScope: anAuditScope({ registries: new Map() }) }],
  ])("is forgotten with its finding when %s", (_how, end) => {
    const [, second, third] = audits(waived, end, waived);
    expect(second?.state.waived).toEqual({});
    expect(third?.findings).toMatchObject(since(2));
  });

  it.each([
    ["its registry could not be read", { auditScope: auditScopeOf(null) }],
    ["its check is UNKNOWN", { findings: [aFailure({ status: "UNKNOWN" })] }],
    [
      "the audit did not look there",
      { auditScope: anAuditScope({ wholeScope: false, registries: new Map() }) },
    ],
    [
      "the audit left its check out",
      { auditScope: anAuditScope({ checksLeftOut: new Set(["rule-validation"]) }) },
    ],
  ])("stays in the state when %s", (_why, seen) => {
    const [, second, third] = audits(waived, seen, waived);
    expect(second?.state.waived).toMatchObject(persisted);
    expect(third?.findings).toMatchObject(since(0));
  });

  it("is stored with the identity of its finding, and nothing more", () => {
    const [first] = audits(waived);
    expect(first?.state.waived).toEqual({
      [failure.id]: { ...persisted[failure.id], firstSeenAt: day(0).toISOString() },
    });
  });
});

describe("what was not seen", () => {
  it("stays open and stale when its registry could not be read", () => {
    const [, second] = audits(fails, { auditScope: auditScopeOf(null) });
    expect(delivered(second?.findings)).toEqual([stale]);
    expect(second?.findings).toMatchObject([{ status: "FAIL", lastSeenAt: day(0).toISOString() }]);
  });

  it("is no longer stale when it is seen again", () => {
    const [, , third] = audits(fails, { auditScope: auditScopeOf(null) }, fails);
    expect(delivered(third?.findings)).toEqual([unchanged]);
  });

  it.each([
    ["for its rule", aFailure({ status: "UNKNOWN", kind: "evidence-unreadable" })],
    ["for another subject of its rule", aFailure({ status: "UNKNOWN", subject: "other" })],
    ["for its registry", aFailure({ status: "UNKNOWN", prefix: null })],
  ])("stays open and stale when the check is UNKNOWN %s", (_name, unknown) => {
    const [, second] = audits(fails, { findings: [unknown] });
    const known = second?.findings.filter(({ id }) => id === failure.id);
    expect(delivered(known)).toEqual([stale]);
  });

  it.each([
    ["another check", aFailure({ status: "UNKNOWN", check: "secret-health" })],
    ["another rule", aFailure({ status: "UNKNOWN", prefix: "quay" })],
    ["another region", aFailure({ status: "UNKNOWN", region: "us-east-1" })],
  ])("does not hide what is resolved: %s", (_name, unknown) => {
    const [, second] = audits(fails, { findings: [unknown] });
    expect(delivered(second?.findings.filter(({ id }) => id === failure.id))).toEqual([resolved]);
  });

  it("stays when its account's regions could not be listed", () => {
    const registries = new Map([[`${HERE.account}/*`, null]]);
    const [, second] = audits(fails, { auditScope: anAuditScope({ registries }) });
    expect(delivered(second?.findings)).toEqual([stale]);
  });
});

describe("what was not looked at", () => {
  it.each([
    [
      "another account",
      anAuditScope({ wholeScope: false, registries: new Map([["999999999999/eu-west-1", []]]) }),
    ],
    [
      "another prefix",
      auditScopeOf([aRule()], { wholeScope: false, inScope: (prefix) => prefix === "quay" }),
    ],
    [
      "an unreadable registry's other prefix",
      auditScopeOf(null, { wholeScope: false, inScope: (prefix) => prefix === "quay" }),
    ],
    [
      "other checks",
      auditScopeOf([aRule()], { wholeScope: false, checksLeftOut: new Set(["rule-validation"]) }),
    ],
  ])("is neither resolved nor reported: %s", (_name, auditScope) => {
    const [, second] = audits(fails, { auditScope });
    expect(second?.findings).toEqual([]);
    expect(second?.state.findings[failure.id]).toMatchObject({ open: true, finding: { stale: false } });
  });

  it("is resolved as out of scope when the scope no longer contains it", () => {
    const [, second] = audits(fails, { auditScope: anAuditScope({ registries: new Map() }) });
    expect(delivered(second?.findings)).toEqual([resolved]);
    expect(second?.findings).toMatchObject([{ status: "NOT_APPLICABLE" }]);
  });
});

describe("an alert's id", () => {
  it("is the same when an audit that was not persisted is repeated", () => {
    const [, ...after] = [fails, {}].map((second) => audits(fails, second)[1]?.findings[0]?.eventId);
    const again = audits(fails, { now: day(2) })[1]?.findings[0]?.eventId;
    expect(again).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(after[0]);
  });

  it("differs for each alert", () => {
    const reminding = { remindAfterDays: 1 };
    const results = audits(
      { ...fails, ...reminding },
      { ...fails, ...reminding },
      { ...fails, ...reminding },
      { findings: [aFailure({ kind: "other" })], ...reminding },
      { ...reminding },
    );
    const ids = results.map(({ findings }) => findings[0]?.eventId);
    expect(new Set(ids).size).toBe(5);
    expect(ids).not.toContain(null);
  });
});
