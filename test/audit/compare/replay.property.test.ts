import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../../../src/audit/compare/compare.ts";
import type { EvaluatedFinding } from "../../../src/audit/evaluate/collect-findings.ts";
import { registryKey } from "../../../src/ecr/registry.ts";
import type { Finding } from "../../../src/schemas/finding.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { aRule } from "../../support/builders.ts";
import { aFailure, anAudit, anAuditScope, day } from "./support.ts";

const registries = ["111122223333", "444455556666"].flatMap((account) =>
  ["eu-west-1", "us-east-1"].map((region) => ({ account, region })),
);
const prefixes = ["docker-hub", "quay"];
const places = registries.flatMap((registry) => prefixes.map((prefix) => ({ ...registry, prefix })));

/** What is found of each place, at one time: where it passes, nothing is. */
const world = fc
  .tuple(fc.subarray(places), fc.subarray(places))
  .map(([failing, waived]) => [
    ...failing.map((storage) => aFailure(storage)),
    ...waived
      .filter((storage) => !failing.includes(storage))
      .map((storage) => aFailure({ ...storage, status: "WAIVED" })),
  ]);
/** The places in some order, cut into parts that are audited one after the other. */
const parts = fc.tuple(
  fc.shuffledSubarray(registries, { minLength: registries.length }),
  fc.integer({ min: 1, max: 4 }),
);

type History = readonly [
  found: readonly EvaluatedFinding[],
  parts: readonly [order: readonly (typeof registries)[number][], size: number],
];

function auditOf(
  audited: readonly (typeof registries)[number][],
  found: readonly EvaluatedFinding[],
  at: number,
  whole: boolean,
) {
  const keys = new Set(audited.map(registryKey));
  return anAudit({
    now: day(at),
    findings: found.filter((finding) => keys.has(registryKey(finding))),
    auditScope: anAuditScope({
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

/** What the last of `history` leaves behind when each is audited in its parts, so many days after the one before. */
function replayed(history: readonly History[], days: number): AuditState | null {
  let state: AuditState | null = null;
  for (const [index, [found, [order, size]]] of history.entries()) {
    for (let start = 0; start < order.length; start += size) {
      const { next } = compare(auditOf(order.slice(start, start + size), found, index * days, false), state);
      state = { ...next, pending: {}, history: [], chain: null };
    }
  }
  return state;
}

/** What is open or waived, and since when. */
function standingIn(state: AuditState | null): Readonly<Record<string, string>> {
  const open = Object.values(state?.findings ?? {}).flatMap(({ open: isOpen, finding }) =>
    isOpen ? [[finding.id, finding.firstSeenAt] as const] : [],
  );
  const waived = Object.entries(state?.waived ?? {}).map(
    ([id, { firstSeenAt }]) => [id, firstSeenAt] as const,
  );
  return Object.fromEntries([...open, ...waived]);
}

/** Since when each of what was found last was found in every audit. */
function standingOf(history: readonly (readonly Pick<Finding, "id">[])[], days: number) {
  const since = new Map<string, string>();
  for (const [index, found] of history.entries()) {
    const ids = new Set(found.map(({ id }) => id));
    for (const id of since.keys()) if (!ids.has(id)) since.delete(id);
    for (const id of ids) since.set(id, since.get(id) ?? day(index * days).toISOString());
  }
  return Object.fromEntries(since);
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
        const [last] = history.at(-1) ?? [[]];
        const { next } = compare(auditOf(registries, last, history.length, true), null);
        expect(openIn(replayed(history, 1))).toEqual(
          openIn({ ...next, pending: {}, history: [], chain: null }),
        );
      }),
    );
  });

  it("in whatever parts, and through waivers, keeps since when each finding is there", () => {
    // Further apart than the period within which a finding that comes back is the one that went.
    const days = 30;
    fc.assert(
      fc.property(fc.array(fc.tuple(world, parts), { minLength: 1, maxLength: 6 }), (history) => {
        const found = history.map(([findings]) => findings);
        expect(standingIn(replayed(history, days))).toEqual(standingOf(found, days));
      }),
    );
  });

  it("reports opening and resolution of each finding alternately", () => {
    fc.assert(
      fc.property(fc.array(world, { maxLength: 12 }), fc.constantFrom(1, 30), (history, days) => {
        let state: AuditState | null = null;
        const heard = new Map<string, string>();
        for (const [index, found] of history.entries()) {
          const { findings, next } = compare(auditOf(registries, found, index * days, true), state);
          for (const { id, transition, eventId } of findings) {
            if (eventId === null || transition === null) continue;
            expect(transition).toBe(heard.get(id) === "opened" ? "resolved" : "opened");
            heard.set(id, transition);
          }
          state = { ...next, pending: {}, history: [], chain: null };
        }
      }),
    );
  });
});
