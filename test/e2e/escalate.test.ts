import { afterEach, expect, it, vi } from "vitest";
import type { Region } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { HUB, TOPIC } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const HOME = "us-east-1";
const MANAGERS = `arn:aws:sns:${HOME}:${HUB}:managers`;
const broken = { validation: { isValid: false, failure: "unauthorized" } } as const;
const firstNight = Date.parse("2026-11-20T02:00:05.000Z");

afterEach(() => {
  vi.useRealTimers();
});

/** Sets the clock of the audit and of AWS: so many nights later, and for each of them a second earlier. */
function atNight(night: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: firstNight + night * 86_399_000 });
}

it("what has been open for the days of escalation is told to a second topic, and again with each reminder", async () => {
  const region: Region = registry([rule("docker-hub", "docker-hub", broken), rule("quay", "quay")], {
    topics: [
      { name: "pull-through-audit", publishers: [] },
      { name: "managers", publishers: [] },
    ],
    buckets: ["audits"],
  });
  atNight(0);
  await using stage = await setStage(
    world({ hub: { region: HOME }, accounts: [account(HUB, { regions: { [HOME]: region } })] }),
    {
      environment: { AUDIT_TOPIC_ARN: TOPIC, AUDIT_STORE: "s3://audits/nightly" },
      policy: {
        notifications: {
          remindAfterDays: 7,
          escalate: { afterDays: 10, topicArn: MANAGERS, minimumSeverity: "high" },
        },
      },
    },
  );
  const told: Record<number, readonly (string | undefined)[]> = {};
  for (const night of [0, 1, 7, 9, 10, 11, 17]) {
    atNight(night);
    const before = stage.simulator.published.length;
    await stage.deliverReport();
    told[night] = stage.simulator.published.slice(before).map(({ topicArn }) => topicArn);
  }
  for (const [night, topics] of Object.entries(told)) told[Number(night)] = topics.toSorted();
  expect(told).toEqual({
    0: [TOPIC],
    1: [],
    7: [TOPIC],
    9: [],
    10: [MANAGERS, TOPIC],
    11: [],
    17: [MANAGERS, TOPIC],
  });
  const last = stage.simulator.published.findLast(({ topicArn }) => topicArn === MANAGERS);
  expect(last?.subject).toContain("open for 17 days");
});
