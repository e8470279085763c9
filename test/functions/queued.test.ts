import { afterEach, describe, expect, it, vi } from "vitest";
import type { Simulator } from "../simulator/server.ts";
import { afterTheNight, invoke, registryIn } from "./after-the-night.ts";
import { CALLER, callEvent, cloudTrailEvent, registryPolicyEvent, schedulerEvent } from "./events.ts";
import { HUB, MEMBER, REGION } from "./fleet.ts";
import { registryPolicyOpenToAll } from "./open-policy.ts";
import { captureLog } from "./stdout.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function batch(bodies: Readonly<Record<string, unknown>>) {
  const eventSourceARN = `arn:aws:sqs:${REGION}:${HUB}:pull-through-auditor-prod-changes`;
  return {
    Records: Object.entries(bodies).map(([messageId, body]) => ({
      messageId,
      body: typeof body === "string" ? body : JSON.stringify(body),
      eventSource: "aws:sqs",
      eventSourceARN,
    })),
  };
}

/** What was told since the n-th event of the bus: audits, and findings with who changed them. */
function toldSince({ events }: Simulator, from: number) {
  return events.slice(from).map(({ detailType, detail }) => ({ detailType, detail }));
}

const none = { batchItemFailures: [] };
const completed = "Pull Through Cache Audit Completed";

describe("a batch of events", () => {
  it("is one audit of several registries, in one message, each change by who made it", async () => {
    await using simulator = await afterTheNight();
    for (const account of [HUB, MEMBER])
      registryIn(simulator, account).registryPolicy = registryPolicyOpenToAll;
    const bob = { type: "IAMUser", arn: `arn:aws:iam::${HUB}:user/bob` };
    const inHub = {
      ...registryPolicyEvent,
      account: HUB,
      detail: { ...registryPolicyEvent.detail, userIdentity: bob, eventID: "in-hub" },
    };
    const [mails, events] = [simulator.published.length, simulator.events.length];
    const bodies = { first: registryPolicyEvent, second: inHub, third: registryPolicyEvent };
    expect(await invoke(simulator, batch(bodies))).toEqual(none);

    const told = toldSince(simulator, events);
    expect(told.filter(({ detailType }) => detailType === completed)).toHaveLength(1);
    for (const [account, by] of [
      [MEMBER, CALLER.arn],
      [HUB, bob.arn],
    ]) {
      const finding = { check: "registry-policy", account, transition: "opened", changedBy: { arn: by } };
      expect(told).toContainEqual(
        expect.objectContaining({
          detail: expect.objectContaining({
            finding: expect.objectContaining({ ...finding, changedBy: expect.objectContaining({ arn: by }) }),
          }),
        }),
      );
    }
    expect(simulator.published).toHaveLength(mails + 1);

    // The queue delivers a message again, and the night comes: nothing new.
    await invoke(simulator, batch({ again: inHub }));
    await invoke(simulator, schedulerEvent);
    expect(simulator.published).toHaveLength(mails + 1);
  });

  it("names whoever made the last change by its time, in any order", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator, MEMBER).registryPolicy = registryPolicyOpenToAll;
    const last = {
      ...registryPolicyEvent,
      detail: { ...registryPolicyEvent.detail, eventTime: "2026-11-20T11:00:00Z", eventID: "last" },
    };
    const events = simulator.events.length;
    await invoke(simulator, batch({ last, first: registryPolicyEvent }));
    const [finding] = toldSince(simulator, events);
    expect(finding?.detail).toMatchObject({ finding: { changedBy: { eventId: "last" } } });
  });

  it("is audited without the messages that are not valid, which the queue gets back by name", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator, MEMBER).registryPolicy = registryPolicyOpenToAll;
    const logged = captureLog();
    const events = simulator.events.length;
    const bodies = {
      broken: "{",
      forged: { ...registryPolicyEvent, account: "everybody" },
      request: { accounts: [HUB] },
      good: registryPolicyEvent,
    };
    const failures = ["broken", "forged", "request"].map((itemIdentifier) => ({ itemIdentifier }));
    expect(await invoke(simulator, batch(bodies))).toEqual({ batchItemFailures: failures });
    expect(toldSince(simulator, events)[0]?.detail).toMatchObject({ finding: { check: "registry-policy" } });
    const named = logged.lines().flatMap(({ level, messageId }) => (level === "ERROR" ? [messageId] : []));
    expect(named).toEqual(["broken", "forged", "request"]);
  });

  it("audits nothing if nothing in it is valid or changed anything", async () => {
    await using simulator = await afterTheNight();
    const [calls, events] = [simulator.calls.length, simulator.events.length];
    const failed = { ...cloudTrailEvent, detail: { ...cloudTrailEvent.detail, errorCode: "AccessDenied" } };
    expect(await invoke(simulator, batch({ failed, broken: "" }))).toEqual({
      batchItemFailures: [{ itemIdentifier: "broken" }],
    });
    expect(simulator.calls).toHaveLength(calls);
    expect(simulator.events).toHaveLength(events);
  });

  it("audits the rules that use a secret, the rules that changed, and no others", async () => {
    await using simulator = await afterTheNight();
    const arn = `arn:aws:secretsmanager:${REGION}:${MEMBER}:secret:ecr-pullthroughcache/quay-AbCdEf`;
    const registry = registryIn(simulator, MEMBER);
    const [rule] = registry.rules;
    if (rule === undefined) throw new Error("The member has no rule");
    registry.rules = ["quay", "docker-hub", "untouched"].map((ecrRepositoryPrefix) => ({
      ...rule,
      ecrRepositoryPrefix,
      ...(ecrRepositoryPrefix === "quay" ? { credential: arn } : {}),
    }));
    const calls = simulator.calls.length;
    const secret = callEvent("PutSecretValue", { secretId: arn }, "secretsmanager");
    const changed = callEvent("UpdatePullThroughCacheRule", { ecrRepositoryPrefix: "docker-hub" });
    await invoke(simulator, batch({ secret, changed }));
    const validated = simulator.calls
      .slice(calls)
      .flatMap(({ operation, account, input }) =>
        operation === "ValidatePullThroughCacheRule" ? [`${account} ${JSON.stringify(input)}`] : [],
      );
    const expected = ["quay", "docker-hub"].map(
      (prefix) => `${MEMBER} ${JSON.stringify({ ecrRepositoryPrefix: prefix })}`,
    );
    expect(new Set(validated)).toEqual(new Set(expected));
  });

  it("fails as a whole if the audit cannot be delivered, so that the queue delivers it again", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator, MEMBER).registryPolicy = registryPolicyOpenToAll;
    simulator.world.faults.push({
      on: { service: "sns" },
      effect: { kind: "deny", by: "missing-permission" },
    });
    await expect(invoke(simulator, batch({ good: registryPolicyEvent }))).rejects.toThrow("could not");
  });
});
