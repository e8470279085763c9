import { describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { allSeen, answersOf, figuresOf, HUB, MEMBER, placesOf } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const everywhere = { scope: { accounts: "organization", regions: "enabled" } } as const;

/** Two accounts: both have two regions, the member has opted in to a third and out of one. */
function widespread(faults: Fault[] = []): World {
  const quay = () => registry([rule("quay", "quay")]);
  return world({
    hub: { region: "eu-west-1" },
    accounts: [
      account(HUB, { regions: { "eu-west-1": quay(), "us-east-1": quay() } }),
      account(MEMBER, {
        regions: { "eu-west-1": quay() },
        regionStatus: { "af-south-1": "ENABLED", "us-east-1": "DISABLED", "me-south-1": "ENABLING" },
      }),
    ],
    faults,
  });
}

const memberCannotList: Fault = {
  on: { operation: "ListRegions", account: MEMBER },
  effect: { kind: "deny", by: "missing-permission" },
};

describe("with the regions that each account has enabled", () => {
  it("plans those, an opted-in one among them, and each account names its own", async () => {
    await using stage = await setStage(widespread(), { policy: everywhere });
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual(allSeen(4));
    const asked = stage.callsOf("DescribePullThroughCacheRules");
    expect(asked.map(({ account, region }) => `${account} ${region}`).sort()).toEqual([
      `${HUB} eu-west-1`,
      `${HUB} us-east-1`,
      `${MEMBER} af-south-1`,
      `${MEMBER} eu-west-1`,
    ]);
    const namedBy = stage.callsOf("ListRegions").map(({ account }) => account);
    expect(namedBy.sort()).toEqual([HUB, MEMBER]);
  });

  it("reads them from every page, an empty one among them", async () => {
    const empty: Fault = { on: { operation: "ListRegions" }, effect: { kind: "empty-page" }, times: 1 };
    await using stage = await setStage(widespread([empty]), { policy: everywhere });
    expect(figuresOf(await stage.audit())).toEqual(allSeen(4));
    expect(stage.callsOf("ListRegions")).toHaveLength(3);
  });

  it("makes one gap of an account whose regions cannot be listed, and continues with the others", async () => {
    await using stage = await setStage(widespread([memberCannotList]), { policy: everywhere });
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual({ planned: 3, audited: 2, partial: 0, unreachable: 1, excluded: 0 });
    expect(report.coverage.gaps).toMatchObject([
      {
        account: MEMBER,
        region: "*",
        state: "unreachable",
        reason: "access-denied",
        operation: "account:ListRegions",
      },
    ]);
    expect(placesOf(report)).toEqual([`${HUB} eu-west-1`, `${HUB} us-east-1`]);
    expect(answersOf(report, MEMBER)).toEqual({ "*": "UNKNOWN" });
    expect(report.status).toBe("incomplete");
  });

  it("names the requested regions if they cannot be listed", async () => {
    await using stage = await setStage(widespread([memberCannotList]), { policy: everywhere });
    const { coverage } = await stage.audit({ accounts: [MEMBER], regions: ["eu-west-1", "us-east-1"] });
    expect(coverage.gaps.map(({ region }) => region)).toEqual(["eu-west-1", "us-east-1"]);
  });

  it("makes a gap of a region that was asked for and is not enabled", async () => {
    await using stage = await setStage(widespread(), { policy: everywhere });
    const report = await stage.audit({ accounts: [HUB, MEMBER], regions: ["us-east-1"] });
    expect(figuresOf(report)).toEqual({ planned: 2, audited: 1, partial: 0, unreachable: 1, excluded: 0 });
    expect(report.coverage.gaps).toMatchObject([
      { account: MEMBER, region: "us-east-1", reason: "region-disabled", operation: "account:ListRegions" },
    ]);
  });
});

describe("with a list of regions", () => {
  it("makes a gap of an account that has one of them disabled, and sees its others", async () => {
    await using stage = await setStage(widespread(), {
      policy: { scope: { accounts: "organization", regions: ["eu-west-1", "us-east-1"] } },
    });
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual({ planned: 4, audited: 3, partial: 0, unreachable: 1, excluded: 0 });
    expect(report.coverage.gaps).toMatchObject([
      {
        account: MEMBER,
        region: "us-east-1",
        reason: "region-disabled",
        operation: "ecr:DescribePullThroughCacheRules",
      },
    ]);
    expect(stage.callsOf("ListRegions")).toEqual([]);
  });

  it("audits the hub's own region when none is named", async () => {
    await using stage = await setStage(widespread());
    expect(placesOf(await stage.audit())).toEqual([`${HUB} eu-west-1`, `${MEMBER} eu-west-1`]);
  });
});
