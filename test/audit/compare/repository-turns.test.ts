import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stillInTurn, wasReadSince } from "../../../src/audit/compare/repository-turns.ts";
import type { NamePart } from "../../../src/facts/cached-repositories.ts";
import type { RepositoryTurns } from "../../../src/schemas/state.ts";
import { aFailure, anAuditScope, day, HERE } from "./support.ts";

const key = "111122223333/eu-west-1";
const check = "cached-repositories";
const failure = { ...HERE, check, prefix: "docker-hub" };
const notAll = aFailure({ check, status: "UNKNOWN", kind: "not-all-read" });
const unread = aFailure({ check, status: "UNKNOWN", kind: "policy-not-read" });

/** Reads one part on each night, and returns what is remembered then. */
function nights(
  parts: readonly (NamePart | null)[],
  { from = 0, before = {}, findings = [notAll] }: Partial<Parameters<typeof options>[0]> = {},
): RepositoryTurns {
  return parts.reduce<RepositoryTurns>(
    (turns, part, index) =>
      stillInTurn(
        turns,
        findings,
        anAuditScope({ repositoryParts: new Map([[key, part]]) }),
        day(from + index),
      ),
    before,
  );
}
const options = (given: {
  from: number;
  before: RepositoryTurns;
  findings: readonly ReturnType<typeof aFailure>[];
}) => given;

const [first, second, third] = [
  { from: null, to: "g" },
  { from: "g", to: "p" },
  { from: "p", to: null },
] as const;

describe("a failure in a registry with more repositories than one audit reads", () => {
  it.each([
    { what: "one part", parts: [second], isOver: false },
    { what: "all parts but one", parts: [first, third], isOver: false },
    { what: "all parts", parts: [first, second, third], isOver: true },
    { what: "all parts, in another order", parts: [third, first, second], isOver: true },
    { what: "the same part again and again", parts: [first, first, first], isOver: false },
    {
      what: "parts that grew meanwhile",
      parts: [first, { from: "f", to: "m" }, { from: "m", to: null }],
      isOver: true,
    },
    {
      what: "parts between which some were deleted",
      parts: [first, { from: "h", to: "p" }, third],
      isOver: false,
    },
    {
      what: "parts between which some were deleted, and once more the first one",
      parts: [first, { from: "h", to: "p" }, third, { from: null, to: "h" }],
      isOver: true,
    },
  ])("is over: $isOver, once audits read $what since", ({ parts, isOver }) => {
    const turns = nights(parts, { from: 1 });
    expect(wasReadSince(turns, { ...failure, lastSeenAt: day(0).toISOString() })).toBe(isOver);
  });

  it("is not over by what was read until it was last seen", () => {
    const turns = nights([first, second, third]);
    expect(wasReadSince(turns, { ...failure, lastSeenAt: day(0).toISOString() })).toBe(false);
    const before = nights([first], { from: 3, before: turns });
    expect(wasReadSince(before, { ...failure, lastSeenAt: day(0).toISOString() })).toBe(true);
  });

  it("is not over by a part that left it open, unlike failures of other rules", () => {
    const before = nights([first, second]);
    const turns = nights([third], { from: 2, before, findings: [notAll, unread] });
    const since = { lastSeenAt: day(-1).toISOString() };
    expect(wasReadSince(turns, { ...failure, ...since })).toBe(false);
    expect(wasReadSince(turns, { ...failure, ...since, kind: "no-lifecycle-policy" })).toBe(false);
    expect(wasReadSince(turns, { ...failure, ...since, kind: "encryption" })).toBe(true);
    expect(wasReadSince(turns, { ...failure, prefix: "quay", ...since })).toBe(true);
  });

  it("is not over if nobody knows when it was last seen, or nothing was read", () => {
    expect(wasReadSince(nights([first, second, third]), failure)).toBe(false);
    expect(wasReadSince({}, { ...failure, lastSeenAt: day(0).toISOString() })).toBe(false);
  });
});

describe("the parts that audits read", () => {
  it("are remembered only until later ones cover them", () => {
    const parts = [first, second, third, first, second, third];
    expect(nights(parts)[key]?.map(({ at }) => at)).toEqual([5, 4, 3].map((one) => day(one).toISOString()));
  });

  it("are forgotten once all repositories were read at once, or the registry left the scope", () => {
    expect(nights([first, second, null])).toEqual({});
    const elsewhere = anAuditScope({ registries: new Map([["999988887777/eu-west-1", []]]) });
    expect(stillInTurn(nights([first]), [], elsewhere, day(1))).toEqual({});
  });

  it("stay as they are after an audit that read none, or only those under some prefixes", () => {
    const before = nights([first]);
    expect(stillInTurn(before, [], anAuditScope(), day(1))).toEqual(before);
    const narrowed = anAuditScope({
      wholeScope: false,
      narrowing: { accounts: null, regions: null, prefixes: ["docker-hub"] },
      repositoryParts: new Map([[key, null]]),
    });
    expect(stillInTurn(before, [], narrowed, day(1))).toEqual(before);
  });

  it("are at most 100 of a registry", () => {
    const parts = Array.from({ length: 150 }, (_, index) => ({
      from: String(1000 - index),
      to: String(1001 - index),
    }));
    expect(nights(parts)[key]).toHaveLength(100);
  });

  it("cover a name exactly if a single one has it", () => {
    const edge = fc.option(fc.constantFrom("b", "d", "f", "h"), { nil: null });
    const part = fc
      .record({ from: edge, to: edge })
      .filter(({ from, to }) => from === null || to === null || from < to);
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const has = (name: string) =>
          parts.some(({ from, to }) => (from === null || from <= name) && (to === null || name < to));
        const isOver = wasReadSince(nights(parts), { ...failure, lastSeenAt: day(-1).toISOString() });
        expect(isOver).toBe(names.every(has));
      }),
    );
  });
});
