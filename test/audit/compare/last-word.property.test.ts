import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clamped } from "../../../src/audit/compare/clamp.ts";
import { compare, type Seen } from "../../../src/audit/compare/compare.ts";
import type { EvaluatedFinding } from "../../../src/audit/evaluate/collect-findings.ts";
import { parseState, serialiseState } from "../../../src/audit/state/state-file.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { aFailure, anAudit, anAuditScope, auditScopeOf, day } from "./support.ts";

/** What an audit finds of a finding, or why it does not see it. */
const sights = {
  fails: { findings: [aFailure()] },
  failsOtherwise: { findings: [aFailure({ kind: "other" })] },
  isGone: {},
  passes: { findings: [aFailure({ status: "PASS", kind: "passes", data: {} })] },
  isWaived: { findings: [aFailure({ status: "WAIVED" })] },
  isUnknown: { findings: [aFailure({ status: "UNKNOWN" })] },
  isUnread: { auditScope: auditScopeOf(null) },
  isElsewhere: { auditScope: anAuditScope({ wholeScope: false, registries: new Map() }) },
} satisfies Record<string, Partial<Seen>>;

type Sight = keyof typeof sights;
const unseen: ReadonlySet<Sight> = new Set(["isUnknown", "isUnread", "isElsewhere"]);

const sight = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Sight>("fails", "isGone", "passes") },
  { weight: 1, arbitrary: fc.constantFrom<Sight>(...(Object.keys(sights) as Sight[])) },
);
const night = fc.record({
  sight,
  hours: fc.oneof(fc.constant(24), fc.integer({ min: 1, max: 72 }), fc.integer({ min: 1, max: 400 })),
});
const history = fc.record({
  nights: fc.array(night, { minLength: 1, maxLength: 25 }),
  remindAfterDays: fc.constantFrom(null, 1, 3, 7),
});

/** What is known from outside about one finding: its last alert, and what the audits saw. */
type Told = {
  readonly word: "nothing" | "fails" | "is over";
  readonly of: string | null;
  readonly at: number;
};
const nothing: Told = { word: "nothing", of: null, at: 0 };

describe("the last word about a finding", () => {
  it("agrees with the last audit that saw it, and is said again as often as the policy asks", () => {
    fc.assert(
      fc.property(history, ({ nights, remindAfterDays }) => {
        let state: AuditState | null = null;
        let told = nothing;
        let hours = 0;
        /** When it last began to pass, since it last failed. */
        let over: number | null = null;
        /** When it failed again after it was seen not to. */
        let returns: readonly number[] = [];
        let last: EvaluatedFinding | null = null;
        const ids = new Map<string, number>();
        for (const one of nights) {
          hours += one.hours;
          const seen: Partial<Seen> = { ...sights[one.sight], remindAfterDays, now: day(hours / 24) };
          const { findings, next } = compare(
            anAudit(seen),
            state === null ? null : clamped(state, day(hours / 24)),
          );
          for (const { id, eventId, status, kind } of findings) {
            if (eventId === null) continue;
            expect(id).toBe(aFailure().id);
            // Consumers remember the ids of alerts for four weeks.
            expect(hours - (ids.get(eventId) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(28 * 24);
            ids.set(eventId, hours);
            told =
              status === "FAIL"
                ? { word: "fails", of: kind, at: hours }
                : { word: "is over", of: null, at: hours };
          }
          if (!unseen.has(one.sight)) {
            const found = seen.findings?.find(({ status }) => status === "FAIL") ?? null;
            if (found !== null && last === null && over !== null) returns = [...returns, hours];
            // What ends by a waiver, and fails when the waiver ends, has not come back.
            if (found === null && last !== null) over = one.sight === "isWaived" ? null : hours;
            last = found;
          }
          const window = (remindAfterDays ?? 7) * 24;
          if (last !== null) {
            // Whatever fails was told to fail, as it fails now, and lately enough.
            expect(told).toMatchObject({ word: "fails", of: last.kind });
            if (remindAfterDays !== null && one.sight !== "isElsewhere" && one.sight !== "isUnknown") {
              expect(hours - told.at).toBeLessThan(window);
            }
          } else if (told.word === "fails" && !unseen.has(one.sight)) {
            // Only what came back twice within the time, and has not passed for a day, may be told late.
            expect(one.sight).not.toBe("isWaived");
            expect(hours - (over ?? 0)).toBeLessThan(24);
            expect(returns.filter((at) => (over ?? hours) - at < window).length).toBeGreaterThanOrEqual(2);
          }
          const text: string = serialiseState(
            { ...next, pending: {}, history: [], chain: null },
            "state.json",
          );
          state = parseState(text, "state.json");
        }
      }),
      { numRuns: 1000 },
    );
  });
});
