import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../../../src/audit/compare/index.ts";
import { registryKey } from "../../../src/audit/compare/sight.ts";
import type { AuditState } from "../../../src/model/state.ts";
import { aRule } from "../../support/builders.ts";
import { aFailure, anAudit, aSight, day } from "./support.ts";

const registries = ["111122223333", "444455556666"].flatMap((account) =>
  ["eu-west-1", "us-east-1"].map((region) => ({ account, region })),
);
const prefixes = ["docker-hub", "quay"];
const places = registries.flatMap((registry) => prefixes.map((prefix) => ({ ...registry, prefix })));

/** Which of the places fail, at one time. */
const world = fc.subarray(places);
/** The places in some order, cut into parts that are audited one after the other. */
const parts = fc.tuple(
  fc.shuffledSubarray(registries, { minLength: registries.length }),
  fc.integer({ min: 1, max: 4 }),
);

type Place = (typeof places)[number];

function auditOf(
  audited: readonly (typeof registries)[number][],
  failing: readonly Place[],
  at: number,
  whole: boolean,
) {
  const keys = new Set(audited.map(registryKey));
  return anAudit({
    now: day(at),
    findings: failing.filter((place) => keys.has(registryKey(place))).map((place) => aFailure(place)),
    sight: aSight({
      wholeScope: whole,
      registries: new Map(
        audited.map((registry) => [
          registryKey(registry),
          prefixes.map((prefix) => aRule({ ecrRepositoryPrefix: prefix })),
        ]),
      ),
    }),
  });
}

function openIn(state: AuditState | null): readonly string[] {
  return Object.values(state?.findings ?? {})
    .filter(({ open }) => open)
    .map(({ finding }) => finding.id)
    .sort();
}

describe("replaying audits", () => {
  it("in whatever parts ends in the same open findings as one audit of the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(world, parts), { minLength: 1, maxLength: 6 }), (history) => {
        let state: AuditState | null = null;
        for (const [at, [failing, [order, size]]] of history.entries()) {
          for (let start = 0; start < order.length; start += size) {
            const { next } = compare(auditOf(order.slice(start, start + size), failing, at, false), state);
            state = { ...next, pending: {}, history: [] };
          }
        }
        const [last] = history.at(-1) ?? [[]];
        const { next } = compare(auditOf(registries, last, history.length, true), null);
        expect(openIn(state)).toEqual(openIn({ ...next, pending: {}, history: [] }));
      }),
    );
  });

  it("tells each finding's beginning and end in turn", () => {
    fc.assert(
      fc.property(fc.array(world, { maxLength: 12 }), (history) => {
        let state: AuditState | null = null;
        const heard = new Map<string, string>();
        for (const [index, failing] of history.entries()) {
          // Further apart than the period within which flapping is told once.
          const { findings, next } = compare(auditOf(registries, failing, index * 30, true), state);
          for (const { id, transition, eventId } of findings) {
            if (eventId === null || transition === null) continue;
            expect(transition).toBe(heard.get(id) === "opened" ? "resolved" : "opened");
            heard.set(id, transition);
          }
          state = { ...next, pending: {}, history: [] };
        }
      }),
    );
  });
});
