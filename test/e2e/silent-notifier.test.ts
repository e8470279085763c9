import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import { parseState } from "../../src/audit/state/state-file.ts";
import type { Fault } from "../simulator/faults.ts";
import { rule } from "../simulator/world-builder.ts";
import { NOTIFIERS, smallWorld } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const BUCKET = "audits";
const environment = {
  ...NOTIFIERS,
  AUDIT_STORE: `s3://${BUCKET}/nightly`,
  AUDIT_REQUEST_TIMEOUT_SECONDS: "300",
};

/** An audit of one failing rule, whose notifier's calls of `service` are never answered. */
function aSilentOutlet(service: "events" | "sns" | "securityhub") {
  const faults: Fault[] = [{ on: { service }, effect: { kind: "hang" } }];
  const broken = rule("docker-hub", "docker-hub", {
    validation: { isValid: false, failure: "unauthorized" },
  });
  const staged = smallWorld({ rules: [broken], faults });
  for (const one of Object.values(staged.accounts)) {
    for (const region of Object.values(one.regions)) region.buckets = [BUCKET];
  }
  return setStage(staged, { environment });
}

/** Ample time until the silent service is called, and then almost none, which passes: the time for delivery is over. */
function timeOverOnceAsked(stage: Stage, service: string): () => number {
  let left = 4_000;
  const pass = () => {
    left -= 500;
    return left;
  };
  return () => (stage.simulator.calls.some((call) => call.service === service) ? pass() : 900_000);
}

function storedState(stage: Stage) {
  const state = stage.simulator.objects.get(BUCKET)?.get("nightly/state.json");
  if (state === undefined) throw new Error("there is no state");
  return parseState(new TextDecoder().decode(state.bytes), "state.json");
}

describe("an audit whose time ends while a notifier does not answer", () => {
  it("keeps the state and the digest when the bus is, and owes the bus its alerts", async () => {
    await using stage = await aSilentOutlet("events");
    const timeLeft = timeOverOnceAsked(stage, "events");
    await expect(stage.deliverReport(undefined, {}, timeLeft)).rejects.toThrow(
      /event bus .*: the delivery did not finish in the time that was left/,
    );
    expect(stage.simulator.published).toHaveLength(1);
    const { pending, findings } = storedState(stage);
    expect(Object.keys(findings)).toHaveLength(1);
    expect(Object.values(pending)).toMatchObject([{ findings: [{ prefix: "docker-hub" }] }]);

    const owed = Object.values(pending).flatMap((notifier) => notifier.findings);
    stage.simulator.world.faults.length = 0;
    await stage.deliverReport();
    const delivered = stage.simulator.events.map(({ detail }) => Object(detail)["eventId"]);
    expect(delivered).toContain(owed[0]?.eventId);
    expect(storedState(stage).pending).toEqual({});
  });

  it("stores the state and publishes events if the topic does not answer", async () => {
    await using stage = await aSilentOutlet("sns");
    await expect(stage.deliverReport(undefined, {}, timeOverOnceAsked(stage, "sns"))).rejects.toThrow(
      DeliveryError,
    );
    expect(stage.simulator.events.map(({ detailType }) => detailType)).toContain(
      "Pull Through Cache Finding",
    );
    expect(Object.keys(storedState(stage).pending)).toEqual([`SNS topic ${NOTIFIERS.AUDIT_TOPIC_ARN}`]);
  });
});
