import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, compare } from "../../../src/audit/compare/compare.ts";
import { withinBudget } from "../../../src/audit/state/state-budget.ts";
import { parseState, serialiseState } from "../../../src/audit/state/state-file.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { aRule } from "../../support/builders.ts";
import { aFinding } from "../../support/report-builders.ts";
import { aState } from "../../support/state-builders.ts";
import { aFailure, anAudit, auditScopeOf, day, HERE } from "../compare/support.ts";

const PLACE = "s3://audits/nightly/state.json";
const nothing = { whole: 0, texts: 0, eachRegistry: 0 };
const long = "x".repeat(10_000);

function knownOf(...findings: readonly AuditState["findings"][string]["finding"][]): AuditState["findings"] {
  const toldAt = "2026-11-20T02:03:12.000Z";
  return Object.fromEntries(
    findings.map((finding) => [finding.id, { finding, open: true, toldAt, quiet: false }]),
  );
}

function thrifty(state: AuditState): AuditState {
  return parseState(serialiseState(withinBudget(state, nothing), PLACE), PLACE);
}

describe("a state", () => {
  it("of a fleet of the usual size keeps every text", () => {
    expect(withinBudget(aState())).toEqual(aState());
  });

  it("keeps of one registry no more texts than its share, the worst and what is open first", () => {
    const findings = knownOf(
      ...(["low", "critical", "high"] as const).flatMap((severity, index) =>
        Array.from({ length: 3 }, (_nothing, n) =>
          aFinding({ id: `${index}-${n}`, severity, message: long }),
        ),
      ),
    );
    const within = withinBudget(aState({ findings, pending: {} }));
    const kept = Object.values(within.findings).flatMap(({ finding }) =>
      finding.message === long ? [finding.severity] : [],
    );
    expect(kept).toEqual(["critical", "critical", "critical", "high", "high", "high"]);
    expect(serialiseState(within, PLACE).length).toBeLessThan(80_000);
  });

  it("has each alert once, even if it is undelivered to several notifiers", () => {
    const alert = aFinding({ id: "gone", message: long });
    const owed = { findings: [alert], drift: [] };
    const state = aState({ findings: {}, pending: { bus: owed, hub: owed, topic: owed } });
    const text = serialiseState(state, PLACE);
    expect(text.split(long)).toHaveLength(2);
    expect(parseState(text, PLACE)).toEqual(state);
  });

  it("that names an alert which is not there is damaged", () => {
    const json = JSON.parse(serialiseState(aState(), PLACE));
    const text = JSON.stringify({ ...json, owedFindings: {} });
    expect(() => parseState(text, PLACE)).toThrow(/is damaged.*\n.*names alert .*, which is not there/s);
  });

  it("of before it was packed is read as it was written", () => {
    const state = aState();
    const { registries, ...rest } = state;
    expect(parseState(JSON.stringify({ ...rest, registries }), PLACE)).toEqual(state);
  });
});

const prefixes = ["docker-hub", "quay"];
const night = fc.record({
  failing: fc.subarray(prefixes),
  failure: fc.constantFrom("dead", "expired"),
  isRead: fc.boolean(),
  days: fc.constantFrom(1, 30),
});

describe("a state without any text of a finding", () => {
  it("loses and repeats no alert, whatever fails, changes or cannot be read", () => {
    fc.assert(
      fc.property(fc.array(night, { maxLength: 8 }), fc.constantFrom(null, 10), (nights, remindAfterDays) => {
        let full: AuditState | null = null;
        let bare: AuditState | null = null;
        let today = 0;
        for (const { failing, failure, isRead, days } of nights) {
          today += days;
          const rules = prefixes.map((prefix) => aRule({ ecrRepositoryPrefix: prefix }));
          const seen = anAudit({
            now: day(today),
            remindAfterDays,
            findings: isRead ? failing.map((prefix) => aFailure({ ...HERE, prefix, data: { failure } })) : [],
            auditScope: auditScopeOf(isRead ? rules : null),
          });
          const one: Comparison = compare(seen, full);
          const other: Comparison = compare(seen, bare);
          const news = ({ findings }: Comparison) =>
            findings.map(({ id, status, transition, eventId }) => [id, status, transition, eventId !== null]);
          expect(news(other)).toEqual(news(one));
          full = { ...one.next, pending: {}, history: [] };
          bare = thrifty({ ...other.next, pending: {}, history: [] });
        }
      }),
    );
  });
});
