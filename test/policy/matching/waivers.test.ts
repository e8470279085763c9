import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesName } from "../../../src/core/wildcards.ts";
import { openWaiverMatcher, type Waivable } from "../../../src/policy/matching/waivers.ts";
import type { Waiver } from "../../../src/policy/sections/waivers.ts";
import { aWaiver } from "../../support/builders.ts";

const NOON = new Date("2026-11-20T12:00:00.000Z");

const failure: Waivable = {
  check: "root-prefix",
  account: "111122223333",
  region: "eu-west-1",
  prefix: "docker-hub",
};

function isWaived(waiver: Waiver, changes: Partial<Waivable> = {}, now = NOON): boolean {
  return openWaiverMatcher([waiver], now).waiverFor({ ...failure, ...changes }) !== null;
}

function noticesOf(waivers: readonly Waiver[], now = NOON) {
  const { expired, expiring, unused } = openWaiverMatcher(waivers, now).notices();
  const owners = (notices: typeof expired) => notices.map(({ owner }) => owner);
  return { expired: owners(expired), expiring: owners(expiring), unused: owners(unused) };
}

describe("a waiver", () => {
  it.each<{ what: string; waiver: Partial<Waiver> }>([
    { what: "the check alone", waiver: { check: "root-prefix" } },
    { what: "checks by a pattern", waiver: { check: "*-prefix" } },
    { what: "everything by empty lists", waiver: { accounts: [], regions: [], prefixes: [] } },
    { what: "the account", waiver: { accounts: ["444455556666", "111122223333"] } },
    { what: "regions by a pattern", waiver: { regions: ["eu-*"] } },
    { what: "the prefix with a slash", waiver: { prefixes: ["docker-hub/"] } },
  ])("holds where it names $what", ({ waiver }) => {
    expect(isWaived(aWaiver(waiver))).toBe(true);
  });

  it.each<{ what: string; waiver: Partial<Waiver> }>([
    { what: "another check", waiver: { check: "root" } },
    { what: "another account", waiver: { accounts: ["444455556666"] } },
    { what: "another region", waiver: { regions: ["us-east-1"] } },
    { what: "another prefix", waiver: { prefixes: ["docker"] } },
    { what: "all but the prefix", waiver: { accounts: ["*"], regions: ["*"], prefixes: ["quay"] } },
  ])("does not hold where it names $what", ({ waiver }) => {
    expect(isWaived(aWaiver(waiver))).toBe(false);
  });

  it.each([
    { prefixes: undefined, holds: true },
    { prefixes: [], holds: true },
    { prefixes: ["*"], holds: true },
    { prefixes: ["docker-hub"], holds: false },
    { prefixes: ["d*"], holds: false },
  ])("for the prefixes $prefixes holds for a registry as a whole: $holds", ({ prefixes, holds }) => {
    const waiver = prefixes === undefined ? aWaiver() : aWaiver({ prefixes });
    expect(isWaived(waiver, { prefix: null })).toBe(holds);
  });

  it.each([
    { now: "2026-11-19T23:59:59.999Z", holds: true },
    { now: "2026-11-20T00:00:00.000Z", holds: true },
    { now: "2026-11-20T23:59:59.999Z", holds: true },
    { now: "2026-11-21T00:00:00.000Z", holds: false },
    { now: "2026-11-21T00:30:00.000+01:00", holds: true },
    { now: "2026-11-20T23:30:00.000-01:00", holds: false },
  ])("until 2026-11-20 holds at $now: $holds", ({ now, holds }) => {
    expect(isWaived(aWaiver({ expires: "2026-11-20" }), {}, new Date(now))).toBe(holds);
  });

  it("is the first matching one in force", () => {
    const [expired, foreign, first, second] = [
      aWaiver({ owner: "expired", expires: "2026-11-19" }),
      aWaiver({ owner: "foreign", regions: ["us-*"] }),
      aWaiver({ owner: "first" }),
      aWaiver({ owner: "second" }),
    ];
    const matcher = openWaiverMatcher([expired, foreign, first, second], NOON);
    expect(matcher.waiverFor(failure)).toBe(first);
  });
});

describe("the notices of waivers", () => {
  it("contain the values of a waiver, and null for a missing ticket", () => {
    const { ticket: _, ...withoutTicket } = aWaiver({ accounts: ["1*"], prefixes: ["a"] });
    const { check, reason, owner, expires } = withoutTicket;
    const { unused } = openWaiverMatcher([withoutTicket, aWaiver()], NOON).notices();
    expect(unused).toEqual([
      { check, reason, owner, ticket: null, expires },
      { check, reason, owner, ticket: "SEC-12", expires },
    ]);
  });

  it.each([
    { expires: "2026-11-19", notices: { expired: ["x"], expiring: [], unused: [] } },
    { expires: "2026-11-20", notices: { expired: [], expiring: ["x"], unused: ["x"] } },
    { expires: "2026-12-04", notices: { expired: [], expiring: ["x"], unused: ["x"] } },
    { expires: "2026-12-05", notices: { expired: [], expiring: [], unused: ["x"] } },
  ])("of one until $expires are $notices on 2026-11-20, at any hour", ({ expires, notices }) => {
    for (const hour of ["00:00:00.000", "23:59:59.999"]) {
      const now = new Date(`2026-11-20T${hour}Z`);
      expect(noticesOf([aWaiver({ owner: "x", expires })], now)).toEqual(notices);
    }
  });

  it("leave out of the unused what was needed, once or often", () => {
    const matcher = openWaiverMatcher(
      [aWaiver({ owner: "a", regions: ["eu-*"] }), aWaiver({ owner: "b" })],
      NOON,
    );
    matcher.waiverFor(failure);
    matcher.waiverFor(failure);
    expect(matcher.notices().unused.map(({ owner }) => owner)).toEqual(["b"]);
    matcher.waiverFor({ ...failure, region: "us-east-1" });
    expect(matcher.notices().unused).toEqual([]);
  });

  it("count one as unused that another always came before", () => {
    const matcher = openWaiverMatcher([aWaiver({ owner: "a" }), aWaiver({ owner: "b" })], NOON);
    matcher.waiverFor(failure);
    expect(matcher.notices().unused.map(({ owner }) => owner)).toEqual(["b"]);
  });

  it("never count one that has expired as unused", () => {
    expect(noticesOf([aWaiver({ owner: "x", expires: "2020-01-01" })]).unused).toEqual([]);
  });
});

describe("openWaiverMatcher", () => {
  const name = (...names: readonly string[]) => fc.constantFrom(...names);
  const patterns = (...names: readonly string[]) =>
    fc.option(fc.array(name(...names, "*", "?*"), { maxLength: 2 }), { nil: undefined });
  const day = fc.integer({ min: -3, max: 20 }).map((days) => dayAfter(days));
  const waiver: fc.Arbitrary<Waiver> = fc
    .record({
      check: name("a", "b", "*"),
      accounts: patterns("1", "2"),
      regions: patterns("x", "y"),
      prefixes: patterns("p", "q"),
      expires: day,
    })
    .map(({ accounts, regions, prefixes, ...rest }) =>
      aWaiver({
        ...rest,
        ...(accounts && { accounts }),
        ...(regions && { regions }),
        ...(prefixes && { prefixes }),
      }),
    );
  const waivable: fc.Arbitrary<Waivable> = fc.record({
    check: name("a", "b", "c"),
    account: name("1", "2", "3"),
    region: name("x", "y"),
    prefix: fc.option(name("p", "q", "r")),
  });

  it("returns the same as a linear search through the waivers", () => {
    fc.assert(
      fc.property(
        fc.array(waiver, { maxLength: 6 }),
        fc.array(waivable, { maxLength: 8 }),
        (waivers, asked) => {
          const matcher = openWaiverMatcher(waivers, NOON);
          const answers = asked.map(matcher.waiverFor);
          const expected = asked.map(
            (one) => waivers.find((candidate) => plainlyHolds(candidate, one)) ?? null,
          );
          expect(answers).toEqual(expected);
          const inForce = waivers.filter(({ expires }) => expires >= dayAfter(0));
          expect(matcher.notices()).toMatchObject({
            expired: waivers.filter((one) => !inForce.includes(one)).map(({ expires }) => ({ expires })),
            expiring: inForce
              .filter(({ expires }) => expires <= dayAfter(14))
              .map(({ expires }) => ({ expires })),
            unused: inForce.filter((one) => !expected.includes(one)).map(({ expires }) => ({ expires })),
          });
        },
      ),
    );
  });
});

function dayAfter(days: number): string {
  return new Date(NOON.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** What a waiver holds for, said as plainly as can be. */
function plainlyHolds(waiver: Waiver, { check, account, region, prefix }: Waivable): boolean {
  const { accounts = [], regions = [], prefixes = [] } = waiver;
  const fits = (patterns: readonly string[], name: string) =>
    patterns.length === 0 || patterns.some((pattern) => matchesName(pattern, name));
  const fitsPrefix =
    prefix === null ? prefixes.length === 0 || prefixes.includes("*") : fits(prefixes, prefix);
  const lastMoment = new Date(`${waiver.expires}T23:59:59.999Z`);
  return (
    matchesName(waiver.check, check) &&
    fits(accounts, account) &&
    fits(regions, region) &&
    fitsPrefix &&
    NOON <= lastMoment
  );
}
