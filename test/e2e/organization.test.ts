import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { organizationalUnitId } from "../simulator/organizational-units.ts";
import type { Account, World } from "../simulator/world.ts";
import {
  type AccountParts,
  account,
  accountIdOf,
  registry,
  rule,
  type WorldParts,
  world,
} from "../simulator/world-builder.ts";
import { allSeen, figuresOf, HUB, MEMBER, placesOf, smallWorld } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const REGION = "eu-west-1";

function member(serial: number, parts: AccountParts = {}): Account {
  return account(accountIdOf(serial), { regions: { [REGION]: registry([rule("quay", "quay")]) }, ...parts });
}

function organizationOf(
  members: readonly Account[],
  parts: Partial<Omit<WorldParts, "accounts">> = {},
): World {
  const hub = account(HUB, { regions: { [REGION]: registry([rule("quay", "quay")]) } });
  return world({ accounts: [hub, ...members], ...parts });
}

describe("the accounts of an organization", () => {
  it("are audited from every page, an empty one among them", async () => {
    const members = [1, 2, 3, 4, 5, 6].map((serial) => member(serial));
    await using stage = await setStage(
      organizationOf(members, {
        organization: { pageSize: 3 },
        faults: [{ on: { operation: "ListAccounts" }, effect: { kind: "empty-page" }, after: 1, times: 1 }],
      }),
    );
    const report = await stage.audit();
    expect(stage.callsOf("ListAccounts")).toHaveLength(4);
    expect(figuresOf(report)).toEqual(allSeen(7));
    expect(placesOf(report)).toEqual(
      [HUB, ...members.map(({ id }) => id)].sort().map((id) => `${id} ${REGION}`),
    );
  });

  it("are counted, and not called, when they are suspended, closed or excluded", async () => {
    const suspended = member(1, { name: "old", state: "SUSPENDED" });
    const closed = member(2, { state: "CLOSED", stateIn: "Status" });
    const excluded = member(3);
    await using stage = await setStage(organizationOf([suspended, closed, excluded, member(4)]), {
      policy: { scope: { accounts: "organization", excludeAccounts: [excluded.id, accountIdOf(999)] } },
    });
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual({ ...allSeen(2), excluded: 3 });
    expect(report.coverage.excludedAccounts).toEqual([
      { account: suspended.id, accountName: "old", reason: "not-active", detail: "SUSPENDED" },
      { account: closed.id, accountName: closed.name, reason: "not-active", detail: "CLOSED" },
      {
        account: excluded.id,
        accountName: excluded.name,
        reason: "excluded-by-policy",
        detail: "scope.excludeAccounts",
      },
    ]);
    expect(report.status).toBe("compliant");
    expect(stage.callsOf("AssumeRole")).toHaveLength(1);
  });

  it("are audited while they are being closed, and where only the retired status tells that they are active", async () => {
    const closing = member(1, { state: "PENDING_CLOSURE" });
    const older = member(2, { stateIn: "Status" });
    await using stage = await setStage(organizationOf([closing, older]));
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual(allSeen(3));
    expect(placesOf(report)).toEqual([HUB, closing.id, older.id].sort().map((id) => `${id} ${REGION}`));
    expect(report.status).toBe("compliant");
  });

  it("are a gap with their name when nothing tells their state, and the others are audited", async () => {
    const unknown = member(1, { name: "payments", stateIn: "neither" });
    await using stage = await setStage(organizationOf([unknown, member(2)]));
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual({ ...allSeen(2), planned: 3, unreachable: 1 });
    expect(report.coverage.gaps).toMatchObject([
      {
        account: unknown.id,
        accountName: "payments",
        region: REGION,
        state: "unreachable",
        reason: "account-state-unknown",
        operation: "organizations:ListAccounts",
        detail: "AWS Organizations listed the account with neither State nor Status",
      },
    ]);
    expect(report.status).toBe("incomplete");
    expect(stage.callsOf("AssumeRole")).toHaveLength(1);
  });

  it("lie in an organizational unit at any depth below it", async () => {
    const [direct, nested, elsewhere] = [
      member(1, { organizationalUnit: "Workloads" }),
      member(2, { organizationalUnit: "Workloads/Production/Payments" }),
      member(3, { organizationalUnit: "Sandbox/Workloads" }),
    ];
    const staged = organizationOf([direct, nested, elsewhere]);
    const unit = organizationalUnitId({ rootId: "r-ex4m" }, "Workloads");
    await using stage = await setStage(staged, {
      policy: { scope: { accounts: "organization", organizationalUnits: [unit] } },
    });
    const report = await stage.audit();
    expect(placesOf(report)).toEqual([direct, nested].map(({ id }) => `${id} ${REGION}`).sort());
    expect(report.findings.find((finding) => finding.account === nested.id)?.organizationalUnits).toEqual([
      "r-ex4m",
      unit,
      organizationalUnitId({ rootId: "r-ex4m" }, "Workloads/Production"),
      organizationalUnitId({ rootId: "r-ex4m" }, "Workloads/Production/Payments"),
    ]);
  });

  it("can be listed by a delegated administrator", async () => {
    await using stage = await setStage(
      smallWorld({
        hub: { region: "us-east-1", accountId: MEMBER },
        organization: { managementAccountId: HUB, delegatedAdministrators: [MEMBER] },
      }),
    );
    expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
    expect(new Set(stage.callsOf("AssumeRole").map(({ account }) => account))).toEqual(new Set([MEMBER]));
  });

  it("are audited by a list without asking the organization", async () => {
    await using stage = await setStage(smallWorld({ organization: "none" }), {
      policy: { scope: { accounts: [MEMBER] } },
    });
    const report = await stage.audit();
    expect(placesOf(report)).toEqual([`${MEMBER} us-east-1`]);
    expect(stage.callsOf("ListAccounts")).toEqual([]);
  });
});

describe("the owners of findings", () => {
  const bad = { regions: { [REGION]: registry([rule("ROOT", "quay")]) } };

  it("are the addresses of their accounts, if the policy wants that, also where nothing can be read any more", async () => {
    const store = await mkdtemp(join(tmpdir(), "owners-"));
    const organization = organizationOf([member(1, bad)]);
    await using stage = await setStage(organization, {
      policy: { owners: "account-email" },
      environment: { AUDIT_STORE: store },
    });
    await stage.deliverReport();
    delete organization.accounts[accountIdOf(1)]?.role;
    const { findings } = await stage.deliverReport();
    const stale = findings.filter((finding) => finding.stale);
    const email = organization.accounts[accountIdOf(1)]?.email;
    expect(email).toContain("@");
    expect(stale.map(({ owner, cause }) => [owner?.contact, cause?.kind])).toEqual([[email, "rule"]]);
    await rm(store, { recursive: true });
  });

  it("keep addresses out of the report without that", async () => {
    const organization = organizationOf([member(1, bad)]);
    await using stage = await setStage(organization);
    const report = await stage.audit();
    expect(report.findings.some(({ status }) => status === "FAIL")).toBe(true);
    expect(JSON.stringify(report)).not.toContain(organization.accounts[accountIdOf(1)]?.email);
  });
});
