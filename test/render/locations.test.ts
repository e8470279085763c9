import { describe, expect, test } from "vitest";
import { byAccount, type Location, locationsOf, locationsOfGap } from "../../src/render/locations.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import { aFinding, aGap } from "../support/report-builders.ts";

const at = (region: string, prefix: string | null) => locationOf(aFinding({ region, prefix }), false);

function locationOf(finding: Finding, marked: boolean): Location {
  const [location] = locationsOf([finding], { marked });
  if (location === undefined) throw new Error("no location");
  return location;
}

describe("byAccount", () => {
  test("lets regions with the same rules share a clause", () => {
    const places = [at("eu-west-1", "quay"), at("us-east-1", "quay"), at("sa-east-1", "k8s")];
    expect(byAccount(places)).toEqual([
      {
        account: "111122223333 payments-prod",
        where: ["eu-west-1, us-east-1: quay", "sa-east-1: k8s"],
        count: 3,
      },
    ]);
  });

  test("names a whole registry, and a rule once", () => {
    const places = [at("eu-west-1", null), at("eu-west-1", "quay"), at("eu-west-1", "quay")];
    expect(byAccount(places)[0]?.where).toEqual(["eu-west-1: whole registry, quay"]);
  });

  test("counts what it leaves out", () => {
    const places = Array.from({ length: 11 }, (_, index) => at("eu-west-1", `prefix-${index}`));
    expect(byAccount(places)[0]?.where[0]).toMatch(/^eu-west-1: prefix-0, .* prefix-7 and 3 more$/);
  });

  test("says that there is more if too many regions differ", () => {
    const places = Array.from({ length: 6 }, (_, index) => at(`eu-west-${index}`, `prefix-${index}`));
    const where = byAccount(places)[0]?.where;
    expect(where).toHaveLength(5);
    expect(where?.at(-1)).toBe("and other rules in more regions");
  });

  test("shows an account without a name by its id", () => {
    expect(byAccount([locationOf(aFinding({ accountName: null }), false)])[0]?.account).toBe("111122223333");
  });
});

describe("locationsOf", () => {
  test.each([
    ["opened", "docker-hub [new]"],
    ["changed", "docker-hub [changed]"],
    ["reminded", "docker-hub [reminder]"],
    ["unchanged", "docker-hub"],
  ] as const)("marks %s", (transition, what) => {
    expect(locationOf(aFinding({ transition }), true).what).toBe(what);
  });

  test("marks nothing as new without a previous audit", () => {
    expect(locationOf(aFinding(), false).what).toBe("docker-hub");
  });

  test("names the owners only if they differ, and once for an account that has one", () => {
    const owner = { name: "team-payments", contact: null };
    const owned = aFinding({ owner });
    const elsewhere = aFinding({ account: "444455556666", accountName: "sandbox" });
    const shown = (...findings: readonly Finding[]) =>
      byAccount(locationsOf(findings, { marked: true })).map(({ account, where }) => [account, ...where]);
    expect(shown(owned, owned)).toEqual([["111122223333 payments-prod", "eu-west-1: docker-hub [new]"]]);
    expect(shown(owned, elsewhere)).toEqual([
      ["111122223333 payments-prod [team-payments]", "eu-west-1: docker-hub [new]"],
      ["444455556666 sandbox [no owner]", "eu-west-1: docker-hub [new]"],
    ]);
    expect(shown(owned, aFinding({ prefix: "quay" }))).toEqual([
      ["111122223333 payments-prod", "eu-west-1: docker-hub [new] [team-payments], quay [new] [no owner]"],
    ]);
  });

  test("always marks stale findings, with the day", () => {
    const stale = aFinding({ stale: true, lastSeenAt: "2026-11-18T02:00:00.000Z" });
    expect(locationOf(stale, false).what).toBe("docker-hub [stale, last seen 2026-11-18]");
  });
});

test("locationsOfGap names each rule, or all regions", () => {
  expect(locationsOfGap(aGap({ prefixes: ["a1", "b2"] })).map(({ what }) => what)).toEqual(["a1", "b2"]);
  expect(locationsOfGap(aGap({ region: "*" }))).toMatchObject([{ region: "all regions", what: null }]);
});
