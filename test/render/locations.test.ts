import { describe, expect, test } from "vitest";
import { byAccount, locationOfFinding, locationsOfGap } from "../../src/render/locations.ts";
import { aFinding, aGap } from "../support/report-builders.ts";

const at = (region: string, prefix: string | null) => locationOfFinding(aFinding({ region, prefix }), false);

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
    expect(byAccount([locationOfFinding(aFinding({ accountName: null }), false)])[0]?.account).toBe(
      "111122223333",
    );
  });
});

describe("locationOfFinding", () => {
  test.each([
    ["opened", "docker-hub [new]"],
    ["changed", "docker-hub [changed]"],
    ["reminded", "docker-hub [reminder]"],
    ["unchanged", "docker-hub"],
  ] as const)("marks %s", (transition, what) => {
    expect(locationOfFinding(aFinding({ transition }), true).what).toBe(what);
  });

  test("marks nothing as new without a previous audit", () => {
    expect(locationOfFinding(aFinding(), false).what).toBe("docker-hub");
  });

  test("always marks stale findings, with the day", () => {
    const stale = aFinding({ stale: true, lastSeenAt: "2026-11-18T02:00:00.000Z" });
    expect(locationOfFinding(stale, false).what).toBe("docker-hub [stale, last seen 2026-11-18]");
  });
});

test("locationsOfGap names each rule, or all regions", () => {
  expect(locationsOfGap(aGap({ prefixes: ["a1", "b2"] })).map(({ what }) => what)).toEqual(["a1", "b2"]);
  expect(locationsOfGap(aGap({ region: "*" }))).toMatchObject([{ region: "all regions", what: null }]);
});
