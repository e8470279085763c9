import { describe, expect, it } from "vitest";
import type { AuditRequest } from "../../src/audit/plan/request.ts";
import { RequestError } from "../../src/audit/ports.ts";
import { registry, rule } from "../simulator/world-builder.ts";
import {
  allSeen,
  answersOf,
  BYSTANDER,
  figuresOf,
  HUB,
  MEMBER,
  placesOf,
  smallWorld,
} from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const VALIDATE = "ValidatePullThroughCacheRule";
const scope = { accounts: "organization", regions: ["us-east-1", "eu-west-1"] } as const;

/** The member has rules in both regions. */
function twoRegions() {
  return smallWorld({
    regions: ["us-east-1", "eu-west-1", "eu-central-1"],
    member: {
      regions: {
        "us-east-1": registry([
          rule("docker-hub", "docker-hub"),
          rule("quay", "quay"),
          rule("quay/old", "quay"),
        ]),
        "eu-west-1": registry([rule("quay", "quay"), rule("ROOT", "ecr-public")]),
        "eu-central-1": registry([rule("quay", "quay")]),
      },
    },
  });
}

describe("a request", () => {
  it.each<[string, Partial<AuditRequest>, readonly string[]]>([
    ["by account", { accounts: [MEMBER] }, [`${MEMBER} eu-west-1`, `${MEMBER} us-east-1`]],
    ["by accounts", { accounts: [BYSTANDER, HUB] }, [`${HUB} us-east-1`, `${BYSTANDER} us-east-1`]],
    ["by region", { regions: ["eu-west-1"] }, [`${MEMBER} eu-west-1`]],
    ["by account and region", { accounts: [MEMBER], regions: ["us-east-1"] }, [`${MEMBER} us-east-1`]],
    ["by prefix", { prefixes: ["docker-hub"] }, [`${MEMBER} us-east-1`]],
  ])("narrowed %s evaluates only that", async (_how, request, places) => {
    await using stage = await setStage(twoRegions(), { policy: { scope } });
    const report = await stage.audit(request);
    expect(placesOf(report)).toEqual(places);
    expect(report.coverage.gaps).toEqual([]);
  });

  it("for one prefix validates and evaluates only that rule, with its siblings as context", async () => {
    await using stage = await setStage(twoRegions(), { policy: { scope } });
    const report = await stage.audit({ accounts: [MEMBER], regions: ["us-east-1"], prefixes: ["quay/old"] });
    expect(figuresOf(report)).toEqual(allSeen(1));
    expect(report.summary.rules).toBe(1);
    expect(answersOf(report, MEMBER)).toEqual({ "quay/old": "PASS" });
    expect(answersOf(report, MEMBER, "overlapping-prefixes")).toEqual({ "quay/old": "FAIL" });
    expect(stage.callsOf(VALIDATE)).toMatchObject([{ input: { ecrRepositoryPrefix: "quay/old" } }]);
  });

  it("for a prefix that no rule has reads everything and evaluates nothing", async () => {
    await using stage = await setStage(twoRegions(), { policy: { scope } });
    const report = await stage.audit({ prefixes: ["nowhere"] });
    expect(figuresOf(report)).toEqual(allSeen(6));
    expect(report.findings).toEqual([]);
    expect(stage.callsOf(VALIDATE)).toEqual([]);
  });

  it("for an account that the policy excludes counts it", async () => {
    await using stage = await setStage(twoRegions(), {
      policy: { scope: { ...scope, excludeAccounts: [MEMBER] } },
    });
    const report = await stage.audit({ accounts: [MEMBER] });
    expect(figuresOf(report)).toEqual({ ...allSeen(0), excluded: 1 });
    expect(stage.callsOf("AssumeRole")).toEqual([]);
  });
});

const outside: readonly (readonly [string, Partial<AuditRequest>, string])[] = [
  ["accounts", { accounts: ["999999999999", "888888888888"] }, "account 888888888888 is outside"],
  ["a region", { regions: ["eu-central-1"] }, "region eu-central-1 is outside"],
  [
    "an account and a known region",
    { accounts: ["999999999999"], regions: ["us-east-1"] },
    "account 999999999999",
  ],
];

describe.each(outside)("%s outside the scope", (_what, request, words) => {
  it.each(["cli", "console"] as const)("is refused to a person (%s)", async (trigger) => {
    await using stage = await setStage(twoRegions(), { policy: { scope } });
    const audit = stage.audit({ ...request, trigger });
    await expect(audit).rejects.toThrow(RequestError);
    await expect(audit).rejects.toThrow(words);
    expect(stage.callsOf("DescribePullThroughCacheRules")).toEqual([]);
  });

  it("in an event plans nothing", async () => {
    await using stage = await setStage(twoRegions(), { policy: { scope } });
    const report = await stage.audit({
      accounts: [MEMBER],
      ...request,
      prefixes: ["quay"],
      trigger: "event",
    });
    expect(figuresOf(report)).toEqual(allSeen(0));
    expect(report).toMatchObject({ status: "compliant", findings: [], trigger: "event" });
    expect(stage.callsOf("DescribePullThroughCacheRules")).toEqual([]);
    expect(stage.callsOf("AssumeRole")).toEqual([]);
  });
});
