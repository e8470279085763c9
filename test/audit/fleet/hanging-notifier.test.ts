import { expect, it } from "vitest";
import { finalizeFleet } from "../../../src/audit/fleet/finalize-fleet.ts";
import { pathsOf } from "../../../src/audit/fleet/fleet-files.ts";
import { wholeScope } from "../../../src/audit/plan/request.ts";
import type { AuditStore, Notifier } from "../../../src/audit/ports.ts";
import { renderJson } from "../../../src/formats/json.ts";
import { aPolicyFile, aRegistryOf, NOW, sourcesOf } from "../../support/builders.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { memoryStore, recordingNotifiers } from "../recording-notifiers.ts";
import { aFleetStorage } from "./storages.ts";

const auditId = "20261120T020312Z-0a1b2c3d";
const paths = pathsOf(auditId);
const functionMs = 900_000;

/** A fleet with one registry, whose rule names an upstream that the policy does not allow. */
function aFleet() {
  const registry = aRegistryOf({ ecrRepositoryPrefix: "odd", upstreamRegistryUrl: "odd.example.com" });
  const policy = { source: "policy.json", text: JSON.stringify(aPolicyFile()) };
  const request = wholeScope("schedule");
  const storage = aFleetStorage({
    [paths.audit]: { auditId, startedAt: NOW.toISOString(), request, dryRun: false, notify: null, policy },
    [paths.planOutcome]: { excludedAccounts: [], unreachable: [] },
    [paths.targets]: [registry.target],
    [paths.batch(registry.target)]: { registries: [registry] },
  });
  const { clock, during } = virtualClock(NOW);
  const memory = memoryStore();
  const store: AuditStore = {
    ...memory.store,
    keepReport: async (report) => {
      storage.texts.set("report.json", renderJson(report));
      return { location: storage.locate("report.json"), sha256: "0".repeat(64), replaced: null };
    },
  };
  const { notifiers, delivered } = recordingNotifiers();
  let isHanging = true;
  const hub: Notifier = {
    name: "hub",
    listeners: null,
    // It does not even listen to the signal.
    deliver: async (report, location) => {
      if (isHanging) await new Promise(() => undefined);
      delivered.push({ notifier: "hub", report, location });
    },
  };
  /** What the function does when it is invoked: it has 15 minutes. */
  const invoke = async () => {
    const endsAt = clock.now().getTime() + functionMs;
    const timeLeft = () => endsAt - clock.now().getTime();
    const finalized = await during(
      finalizeFleet(auditId, {
        storage,
        store,
        clock,
        sources: sourcesOf(),
        notifiers: { ...notifiers, integrations: [...notifiers.integrations, hub] },
        renderFiles: async () => [],
        timeLeft,
      }),
    );
    return { ...finalized, timeLeft: timeLeft() };
  };
  return {
    invoke,
    delivered,
    state: memory.state,
    answerAgain: () => {
      isHanging = false;
    },
  };
}

it("a notifier that hangs costs neither the state nor the other notifiers, and is owed its alerts", async () => {
  const fleet = aFleet();
  const { failure, timeLeft } = await fleet.invoke();
  expect(String(failure)).toContain("hub: ");
  expect(timeLeft).toBeGreaterThan(0);
  expect(timeLeft).toBeLessThan(functionMs / 2);
  expect(new Set(fleet.delivered.map(({ notifier }) => notifier))).toEqual(new Set(["bus", "default"]));
  expect(Object.keys(fleet.state()?.pending ?? {})).toEqual(["hub"]);
  expect(fleet.state()?.pending["hub"]?.findings.length).toBeGreaterThan(0);
});

it("when the function is invoked again, only that notifier gets its alerts, within the time", async () => {
  const fleet = aFleet();
  await fleet.invoke();
  const owed = fleet.state()?.pending["hub"];
  const again = await fleet.invoke();
  expect(String(again.failure)).toContain("hub: ");
  expect(again.timeLeft).toBeGreaterThan(0);
  expect(fleet.state()?.pending["hub"]).toEqual(owed);

  fleet.answerAgain();
  expect(await fleet.invoke()).toMatchObject({ failure: null });
  expect(fleet.state()?.pending).toEqual({});
  const [last] = fleet.delivered.slice(-1);
  expect(fleet.delivered.filter(({ notifier }) => notifier === "bus")).toHaveLength(1);
  expect(last?.notifier).toBe("hub");
  const ids = last?.report.findings.flatMap(({ eventId }) => eventId ?? []);
  expect(ids).toEqual(owed?.findings.map(({ eventId }) => eventId));
});
