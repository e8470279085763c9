import { afterEach, describe, expect, it, vi } from "vitest";
import { handler as auditHandler } from "../../functions/audit.ts";
import { handler } from "../../functions/pulls.ts";
import { pullMemorySchema } from "../../src/audit/pulls/pull-memory.ts";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { type Pull, pullEvent, queueBatch } from "../simulator/pull-events.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { context } from "./context.ts";
import { schedulerEvent } from "./events.ts";
import { fleet, HUB, MEMBER, REGION, settings } from "./fleet.ts";
import { captureLog, captureStdout } from "./stdout.ts";

const BUCKET = "reports";
const withStore = { ...settings, AUDIT_STORE: `s3://${BUCKET}` };
const minute = 60_000;
const now = Date.now();
const rateLimit = { code: "UpstreamTooManyRequests", reason: "You have reached your pull rate limit." };
const none = { batchItemFailures: [] };

afterEach(() => {
  vi.unstubAllEnvs();
});

function stub(simulator: Simulator, more: Readonly<Record<string, string>> = {}) {
  const all = { ...simulator.env, ...withStore, ...more };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
}

function hear(simulator: Simulator, bodies: readonly unknown[]) {
  stub(simulator);
  return handler(queueBatch(bodies), context);
}

/** A fleet whose nightly audit found every rule sound. */
async function afterTheNight(): Promise<Simulator> {
  const world = fleet();
  world.accounts[HUB]?.regions[REGION]?.buckets.push(BUCKET);
  const simulator = await startSimulator(world);
  for (const rule of world.accounts[MEMBER]?.regions[REGION]?.rules ?? [])
    rule.validation = { isValid: true };
  captureStdout();
  stub(simulator);
  await auditHandler(schedulerEvent, context);
  return simulator;
}

/** A pull through the member's rule for Docker Hub, some minutes ago. */
function pull(id: string, minutesAgo: number, parts: Partial<Pull> = {}) {
  const at = new Date(now - minutesAgo * minute);
  return pullEvent({
    account: MEMBER,
    region: REGION,
    prefix: "docker-hub",
    id,
    at,
    failure: rateLimit,
    ...parts,
  });
}

/** What the store has of pulls. */
function remembered({ objects }: Simulator) {
  const stored = [...(objects.get(BUCKET) ?? [])].filter(([key]) => key.startsWith("pulls/"));
  return stored.map(([, { bytes }]) => bytes.toString());
}

/** What was told of findings since the n-th event of the bus. */
function findingsSince({ events }: Simulator, from: number) {
  return events
    .slice(from)
    .flatMap(({ detailType, detail }) => (detailType === "Pull Through Cache Finding" ? [detail] : []));
}

const told = (transition: string, more: object = {}) =>
  expect.objectContaining({
    transition,
    finding: expect.objectContaining({
      check: "failed-pulls",
      prefix: "docker-hub",
      account: MEMBER,
      ...more,
    }),
  });

describe("pulls that are forwarded", () => {
  it("are told once when they fail, with count and code, and resolved after a success", async () => {
    await using simulator = await afterTheNight();
    const [events, mails] = [simulator.events.length, simulator.published.length];

    expect(await hear(simulator, [pull("a", 9), pull("b", 8), pull("a", 9), pull("c", 7)])).toEqual(none);
    expect(findingsSince(simulator, events)).toEqual([
      told("opened", {
        kind: "upstream-rate-limited",
        data: expect.objectContaining({
          code: "UpstreamTooManyRequests",
          heard: expect.objectContaining({ count: 3, tag: "3.22", reason: rateLimit.reason }),
        }),
      }),
    ]);
    expect(simulator.published.slice(mails)).toHaveLength(1);
    expect(JSON.stringify(simulator.published.at(-1))).toContain("3 pulls from");

    // The same events again, and more of the same: nothing else is to be said.
    const calls = simulator.calls.filter(({ service }) => service === "ecr").length;
    expect(await hear(simulator, [pull("a", 9), pull("d", 6)])).toEqual(none);
    expect(simulator.calls.filter(({ service }) => service === "ecr")).toHaveLength(calls);

    // A nightly audit counts on, and tells nobody.
    stub(simulator);
    await auditHandler(schedulerEvent, context);
    expect(findingsSince(simulator, events)).toHaveLength(1);

    const resolved = simulator.events.length;
    expect(await hear(simulator, [pull("e", 1, { failure: null })])).toEqual(none);
    expect(findingsSince(simulator, resolved)).toEqual([told("resolved")]);
  });

  it("are one audit for a batch of several registries and rules", async () => {
    await using simulator = await afterTheNight();
    const [events, mails] = [simulator.events.length, simulator.published.length];
    const inHub = pull("b", 3, { account: HUB, prefix: "ecr-public" });
    await hear(simulator, [pull("a", 3), inHub, pull("c", 2, { prefix: "quay" })]);
    const types = simulator.events.slice(events).map(({ detailType }) => detailType);
    expect(types.filter((type) => type === "Pull Through Cache Audit Completed")).toHaveLength(1);
    expect(types.filter((type) => type === "Pull Through Cache Finding")).toHaveLength(3);
    expect(simulator.published.slice(mails)).toHaveLength(1);
  });

  it("are audited again if the audit failed, although the events are known by then", async () => {
    await using simulator = await afterTheNight();
    const events = simulator.events.length;
    simulator.world.faults = [
      { on: { service: "sns", operation: "Publish" }, effect: { kind: "deny", by: "missing-permission" } },
    ];
    expect(await hear(simulator, [pull("a", 3), "{}"])).toEqual({
      batchItemFailures: [{ itemIdentifier: "message-0" }],
    });
    simulator.world.faults = [];
    const mails = simulator.published.length;
    expect(await hear(simulator, [pull("a", 3)])).toEqual(none);
    expect(simulator.published.slice(mails)).toHaveLength(1);
    expect(findingsSince(simulator, events)).toEqual([told("opened")]);
  });

  it.each([
    [
      "the audit function",
      (simulator: Simulator, event: unknown) => {
        stub(simulator);
        return auditHandler(event, context);
      },
    ],
    ["the function that hears of pulls", (simulator: Simulator, event: unknown) => hear(simulator, [event])],
  ])("stay due in %s if their registry cannot be read", async (_what, invoke) => {
    await using simulator = await afterTheNight();
    const on = { operation: "DescribePullThroughCacheRules", account: MEMBER };
    simulator.world.faults.push({ on, effect: { kind: "deny", by: "missing-permission" } });
    await invoke(simulator, pull("a", 5));
    const [memory = "{}"] = remembered(simulator);
    expect(pullMemorySchema.parse(JSON.parse(memory)).due).toEqual([["docker-hub", 1]]);
  });

  it("are refused if their registry has left the scope, although others were heard of it", async () => {
    await using simulator = await afterTheNight();
    expect(await hear(simulator, [pull("a", 5)])).toEqual(none);
    const [before, ...others] = remembered(simulator);
    expect(others).toEqual([]);
    const events = simulator.events.length;
    await using folder = await makePolicyFolder({ scope: { accounts: [HUB], regions: "enabled" } });
    stub(simulator, { AUDIT_POLICY: folder.policyFile });
    const news = pull("b", 3, { failure: { code: "UpstreamUnavailable", reason: "down" } });
    expect(await handler(queueBatch([news]), context)).toEqual(none);
    expect(remembered(simulator)).toEqual([before]);
    expect(simulator.events).toHaveLength(events);
  });

  it("come again from the queue if they cannot be recorded", async () => {
    await using simulator = await afterTheNight();
    simulator.world.faults = [
      { on: { service: "s3", operation: "PutObject" }, effect: { kind: "deny", by: "missing-permission" } },
    ];
    const events = simulator.events.length;
    expect(await hear(simulator, [pull("a", 3)])).toEqual({
      batchItemFailures: [{ itemIdentifier: "message-0" }],
    });
    expect(simulator.events).toHaveLength(events);
  });

  it.each([
    ["no JSON", "{"],
    ["a request of a user", { accounts: [MEMBER], dryRun: false }],
    ["an event of another source", { ...pull("x", 2), source: "attacker" }],
    [
      "an account that its resources do not name",
      { ...pull("x", 2), resources: [`arn:aws:ecr:${REGION}:${HUB}:repository/docker-hub/alpine`] },
    ],
    ["an account outside the organization", pull("x", 2, { account: "999999999999" })],
    ["a region outside the policy's scope", pull("x", 2, { region: "us-east-1" })],
    ["the future", pull("x", -600)],
    ["long ago", pull("x", 60 * 24 * 9)],
  ])("change nothing and are named, but do not come again: an event with %s", async (_what, body) => {
    await using simulator = await afterTheNight();
    const events = simulator.events.length;
    const log = captureLog();
    expect(await hear(simulator, [body])).toEqual(none);
    expect(log.lines()).toContainEqual(expect.objectContaining({ level: "ERROR", messageId: "message-0" }));
    expect(simulator.events).toHaveLength(events);
    expect(remembered(simulator)).toEqual([]);
  });

  it("of a hundred thousand failures cost a small file and one alert", async () => {
    await using simulator = await afterTheNight();
    const events = simulator.events.length;
    const reason = "x".repeat(2_000);
    for (let batch = 0; batch < 10; batch += 1) {
      const bodies = Array.from({ length: 10_000 }, (_, index) =>
        pull(`storm ${batch} ${index}`, 5, { failure: { ...rateLimit, reason }, image: `image-${index}` }),
      );
      expect(await hear(simulator, bodies)).toEqual(none);
    }
    expect(findingsSince(simulator, events)).toEqual([told("opened")]);
    const [text = "{}"] = remembered(simulator);
    expect(text.length).toBeLessThan(900_000);
    const { rules } = pullMemorySchema.parse(JSON.parse(text));
    expect(rules).toMatchObject([
      { failures: [{ code: "UpstreamTooManyRequests", repository: expect.any(String) }] },
    ]);
    expect(rules[0]?.failures[0]?.hours.map(([, count]) => count)).toEqual([100_000]);
  });
});

describe("an event about a pull that still goes to the audit function", () => {
  const heard = { check: "failed-pulls", status: "FAIL", kind: "upstream-rate-limited" };

  it.each([
    ["with a store", {}],
    ["without a store", { AUDIT_STORE: "" }],
  ])("is judged %s, and is not called compliant", async (_how, more) => {
    await using simulator = await afterTheNight();
    stub(simulator, more);
    const response = await auditHandler(pull("a", 2), context);
    expect(response).toMatchObject({ status: "non-compliant", findings: [heard] });
  });

  it("is remembered for the next audit", async () => {
    await using simulator = await afterTheNight();
    stub(simulator);
    await auditHandler(pull("a", 2), context);
    await auditHandler(pull("b", 1), context);
    expect(await auditHandler(schedulerEvent, context)).toMatchObject({
      findings: [{ ...heard, data: { heard: { count: 2 } } }],
    });
  });
});
