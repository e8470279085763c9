import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clamped } from "../../../src/audit/compare/clamp.ts";
import { type Comparison, compare } from "../../../src/audit/compare/compare.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { aFailure, anAudit, day } from "./support.ts";

const night = fc.record({
  fails: fc.boolean(),
  /** By how many days the machine's clock is wrong. */
  skew: fc.oneof(fc.constant(0), fc.integer({ min: -400, max: 400 })),
});

describe("clocks that jump", () => {
  it("swallow no opening and no end once they are right, and leave no time that is yet to come", () => {
    fc.assert(
      fc.property(fc.array(night, { maxLength: 10 }), (nights) => {
        let state: AuditState | null = null;
        let heard = "nothing";
        // Each pair of nights is further apart than the flapping period, in which a finding alerts only once.
        const calm = [true, false, true, false].map((fails) => ({ fails, skew: 0 }));
        // Each calm night is audited again a day later: what seems to flap is resolved only then.
        const audited = [...nights, ...calm].flatMap(({ fails, skew }, index) => {
          const first = { index, fails, now: day(index * 30 + skew) };
          return index < nights.length ? [first] : [first, { ...first, now: day(index * 30 + 1) }];
        });
        for (const [at, { index, fails, now }] of audited.entries()) {
          const known = state === null ? null : clamped(state, now);
          const findings = fails ? [aFailure()] : [];
          const seen: Comparison = compare(anAudit({ now, findings }), known);
          for (const { transition, eventId, firstSeenAt, lastSeenAt } of seen.findings) {
            expect(Date.parse(firstSeenAt)).toBeLessThanOrEqual(now.getTime());
            expect(Date.parse(lastSeenAt)).toBeLessThanOrEqual(now.getTime());
            if (eventId !== null) heard = String(transition);
          }
          // Whoever listens knows how things are, but where clocks were wrong just now.
          const isSettled = audited[at + 1]?.index !== index;
          if (index > nights.length && isSettled) expect(heard).toBe(fails ? "opened" : "resolved");
          state = { ...seen.next, pending: {}, history: [], chain: null };
        }
      }),
    );
  });

  it("remind once the time is right again, and not for as long as the clock was wrong", () => {
    const failing = (days: number, state: AuditState | null): Comparison =>
      compare(anAudit({ now: day(days), findings: [aFailure()], remindAfterDays: 10 }), state);
    const ahead = failing(365, null);
    const right = failing(1, { ...ahead.next, pending: {}, history: [], chain: null });
    expect(right.findings).toMatchObject([{ transition: "reminded" }]);
    const next = failing(2, { ...right.next, pending: {}, history: [], chain: null });
    expect(next.findings).toMatchObject([{ transition: "unchanged", eventId: null }]);
  });

  it("take the times of audits that run beside each other for now", () => {
    const first = compare(anAudit({ now: day(0.01), findings: [aFailure()] }), null);
    const gone = compare(anAudit({ now: day(0.005) }), {
      ...first.next,
      pending: {},
      history: [],
      chain: null,
    });
    const back = compare(anAudit({ now: day(0), findings: [aFailure()] }), {
      ...gone.next,
      pending: {},
      history: [],
      chain: null,
    });
    expect(back.findings).toMatchObject([{ transition: "opened", firstSeenAt: day(0.01).toISOString() }]);
    expect(back.next.findings[aFailure().id]?.returns).toEqual([day(0).toISOString()]);
  });
});
