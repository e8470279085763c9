import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, secret, world } from "../simulator/world-builder.ts";
import { aPolicyFile } from "../support/builders.ts";
import { HUB, MEMBER, TOPIC } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const HOME = "us-east-1";
const environment = {
  AUDIT_TOPIC_ARN: TOPIC,
  AUDIT_SECURITY_HUB: "true",
  AUDIT_STORE: "s3://audits/nightly",
};

/** The hub with Security Hub on, and a member whose one rule does not validate. */
function anOrganization(): World {
  const notifiers = {
    topics: [{ name: "pull-through-audit", publishers: [] }],
    buckets: ["audits"],
    securityHub: true,
  };
  const secrets = [secret("ecr-pullthroughcache/docker-hub", { login: "rejected" })];
  return world({
    hub: { region: HOME },
    accounts: [
      account(HUB, { regions: { [HOME]: registry([], notifiers) } }),
      account(MEMBER, { regions: { [HOME]: registry([rule("docker-hub", "docker-hub")], { secrets }) } }),
    ],
  });
}

function setLogin({ simulator }: Stage, login: "accepted" | "rejected"): void {
  for (const one of simulator.world.accounts[MEMBER]?.regions[HOME]?.secrets ?? []) one.login = login;
}

it("a finding that flaps is archived and active again as it is, without an alert for its resolution", async () => {
  await using stage = await setStage(anOrganization(), { environment });
  const shown = async (login: "accepted" | "rejected") => {
    setLogin(stage, login);
    await stage.deliverReport();
    return stage.simulator.securityHubFindings.map(({ RecordState }) => RecordState);
  };
  for (const login of ["rejected", "accepted", "rejected", "accepted", "rejected"] as const) {
    expect(await shown(login)).toEqual([login === "rejected" ? "ACTIVE" : "ARCHIVED"]);
  }
  expect(stage.simulator.published).toHaveLength(5);
  expect(await shown("accepted")).toEqual(["ARCHIVED"]);
  expect(await shown("rejected")).toEqual(["ACTIVE"]);
  expect(stage.simulator.published).toHaveLength(5);
});

it("a finding has the same beginning before a waiver, with it, and after it", async () => {
  await using stage = await setStage(anOrganization(), { environment });
  const waivers = [{ check: "rule-validation", reason: "…", owner: "team-a", expires: "2999-01-01" }];
  const shown = async (overrides: Parameters<typeof aPolicyFile>[0]) => {
    const policy = aPolicyFile({ scope: { accounts: "organization" }, ...overrides });
    await writeFile(stage.policyFile, JSON.stringify(policy));
    await stage.deliverReport();
    return stage.simulator.securityHubFindings.map(({ RecordState, CreatedAt }) => ({
      RecordState,
      CreatedAt,
    }));
  };
  const [active] = await shown({});
  expect(active).toMatchObject({ RecordState: "ACTIVE" });
  const archived = { ...active, RecordState: "ARCHIVED" };
  expect(await shown({ waivers })).toEqual([archived]);
  expect(await shown({ waivers })).toEqual([archived]);
  expect(await shown({})).toEqual([active]);
});
