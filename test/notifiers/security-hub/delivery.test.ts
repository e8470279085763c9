import { afterEach, describe, expect, test, vi } from "vitest";
import { clientDefaults } from "../../../src/aws/http.ts";
import { systemClock } from "../../../src/local/clock.ts";
import { securityHubNotifier } from "../../../src/notifiers/security-hub/security-hub.ts";
import type { Report } from "../../../src/schemas/report.ts";
import { hostileRows } from "../../render/hostile-texts.ts";
import type { Fault } from "../../simulator/faults.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import { account, registry, world } from "../../simulator/world-builder.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";
import { unhurried } from "../../support/unhurried.ts";

const hub = { account: "999900001111", region: "eu-west-1" };

function worldWithSecurityHub({ securityHub = true, faults = [] as readonly Fault[] } = {}) {
  return world({
    accounts: [account(hub.account, { regions: { [hub.region]: registry([], { securityHub }) } })],
    hub: { accountId: hub.account, region: hub.region },
    faults: [...faults],
  });
}

/** Tells the simulator's hub through the SDK as it is, whose pauses between attempts are none. */
async function deliverReport(simulator: Simulator, report: Report): Promise<void> {
  for (const [name, value] of Object.entries(simulator.env)) vi.stubEnv(name, value);
  vi.spyOn(Math, "random").mockReturnValue(0);
  await securityHubNotifier(hub, clientDefaults(1, 60_000), systemClock).deliver(report, null, unhurried);
}

function importsTo(simulator: Simulator): number {
  return simulator.calls.filter(({ operation }) => operation === "BatchImportFindings").length;
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function nightly(day: number, findings: Report["findings"]): Report {
  return aReport({ findings, finishedAt: `2026-11-${day}T02:03:12.000Z` });
}

describe("over HTTP", () => {
  test("a finding keeps its identity when it is created, updated and archived", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const seen = () => simulator.securityHubFindings;
    await deliverReport(simulator, nightly(20, [aFinding()]));
    expect(seen()).toMatchObject([{ Id: "pull-through-auditor/f-0001", RecordState: "ACTIVE" }]);
    await deliverReport(
      simulator,
      nightly(21, [aFinding({ transition: "unchanged", title: "Other words" })]),
    );
    expect(seen()).toMatchObject([
      {
        Title: "Other words",
        RecordState: "ACTIVE",
        CreatedAt: "2026-11-20T02:00:00.000Z",
        UpdatedAt: "2026-11-21T02:03:12.000Z",
      },
    ]);
    await deliverReport(simulator, nightly(22, [aFinding({ status: "PASS", transition: "resolved" })]));
    expect(seen()).toMatchObject([
      { RecordState: "ARCHIVED", Compliance: { Status: "PASSED" }, CreatedAt: "2026-11-20T02:00:00.000Z" },
    ]);
    expect(seen()).toHaveLength(1);
  });

  test("a whole fleet's findings arrive", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const findings = Array.from({ length: 250 }, (_, n) => aFinding({ id: `f-${n}` }));
    await deliverReport(simulator, aReport({ findings }));
    expect(new Set(simulator.securityHubFindings.map(({ Id }) => Id)).size).toBe(250);
    expect(importsTo(simulator)).toBe(3);
  });

  test.each(hostileRows)("a hundred findings that consist of %s are accepted", async (_what, text) => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const words = { title: text, message: text, remediation: text, docs: text, kind: text, check: text };
    const waiver = { reason: text, owner: text, ticket: text, expires: text };
    const findings = Array.from({ length: 100 }, (_, n) =>
      aFinding({ ...words, id: `f-${n}`, accountName: text, prefix: text, waiver, status: "WAIVED" }),
    );
    await deliverReport(simulator, aReport({ findings }));
    expect(simulator.securityHubFindings).toHaveLength(100);
  });

  test("a throttled request is retried", async () => {
    const faults: Fault[] = [
      { on: { operation: "BatchImportFindings" }, effect: { kind: "throttle" }, times: 2 },
    ];
    await using simulator = await startSimulator(worldWithSecurityHub({ faults }));
    await deliverReport(simulator, aReport({ findings: [aFinding()] }));
    expect(simulator.securityHubFindings).toHaveLength(1);
    expect(importsTo(simulator)).toBe(3);
  });

  test("a finding that Security Hub rejects is named, and the others are imported", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const report = aReport({ findings: [aFinding()] });
    await deliverReport(simulator, report);
    const more = { ...report, findings: [...report.findings, aFinding({ id: "f-2" })] };
    await expect(deliverReport(simulator, more)).rejects.toThrow(
      /1 of 2 findings were not accepted \(pull-through-auditor\/f-0001: InvalidInput: .*UpdatedAt/,
    );
    expect(simulator.securityHubFindings).toHaveLength(2);
  });

  test("a disabled Security Hub is an error", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub({ securityHub: false }));
    await expect(deliverReport(simulator, aReport({ findings: [aFinding()] }))).rejects.toMatchObject({
      name: "InvalidAccessException",
    });
  });
});
