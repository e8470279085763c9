import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rememberChanges } from "../../src/audit/changes/remember.ts";
import { changedThingSchema, type ObservedChange, observedChangeSchema } from "../../src/schemas/change.ts";

const now = new Date("2026-11-20T12:00:00Z");
const dayMs = 86_400_000;

/** Few names and times, so that many changes are of the same thing, and some at the same moment. */
const change: fc.Arbitrary<ObservedChange> = fc.record({
  account: fc.constantFrom("111122223333", "444455556666"),
  region: fc.constant("eu-west-1"),
  thing: fc.constantFrom(...changedThingSchema.options),
  name: fc.constantFrom("docker-hub", "quay", "ROOT", null),
  action: fc.constant("Put"),
  by: fc.option(
    fc.record({
      arn: fc.string(),
      sessionName: fc.option(fc.string()),
      at: fc
        .integer({ min: 0, max: 120 })
        .map((days) => new Date(now.getTime() - days * dayMs).toISOString()),
      sourceIp: fc.option(fc.string()),
      eventId: fc.uuid(),
    }),
  ),
});

const keyOf = ({ account, region, thing, name }: ObservedChange) => [account, region, thing, name].join(" ");
const timeOf = ({ by }: ObservedChange) => by?.at ?? "";

describe("the changes that the state remembers", () => {
  it("are the same in whatever order, batches and repeats they become known", () => {
    fc.assert(
      fc.property(fc.array(change), fc.integer({ min: 1, max: 5 }), fc.nat(), (changes, size, turn) => {
        const atOnce = rememberChanges([], changes, now);
        const turned = [...changes.slice(turn % (changes.length + 1)), ...changes];
        let known: readonly ObservedChange[] = [];
        for (let start = 0; start < turned.length; start += size) {
          known = rememberChanges(known, turned.slice(start, start + size), now);
        }
        expect(known).toEqual(atOnce);
      }),
    );
  });

  it("are the last of each thing, by somebody, of no secret, and no older than CloudTrail's", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const known = rememberChanges([], changes, now);
        expect(observedChangeSchema.array().parse(known)).toEqual(known);
        expect(new Set(known.map(keyOf)).size).toBe(known.length);
        for (const one of known) {
          expect(one.thing).not.toBe("secret");
          const others = changes.filter((other) => keyOf(other) === keyOf(one)).map(timeOf);
          expect(timeOf(one)).toBe(others.toSorted().at(-1));
          expect(now.getTime() - Date.parse(timeOf(one))).toBeLessThanOrEqual(90 * dayMs);
        }
      }),
    );
  });

  it("never fill the state: the latest thousand stay", () => {
    const changes = Array.from({ length: 5_000 }, (_, index): ObservedChange => {
      const at = new Date(now.getTime() - index * 1_000).toISOString();
      const by = { arn: "role", sessionName: null, at, sourceIp: null, eventId: `event-${index}` };
      const name = `rule-${index}`;
      return { account: "111122223333", region: "eu-west-1", thing: "rule", name, action: "Create", by };
    });
    const known = rememberChanges([], changes, now);
    expect(known).toHaveLength(1_000);
    expect(known.at(-1)?.name).toBe("rule-999");
  });
});
