import { afterEach, describe, expect, it, vi } from "vitest";
import type { Simulator } from "../simulator/server.ts";
import type { TrailRecord } from "../simulator/world.ts";
import { afterTheNight, invoke, registryIn } from "./after-the-night.ts";
import { CALLER, callEvent, callRecord, registryPolicyEvent, schedulerEvent } from "./events.ts";
import { MEMBER } from "./fleet.ts";
import { registryPolicyOpenToAll } from "./open-policy.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function lookupsIn({ calls }: Simulator) {
  return calls.filter(({ operation }) => operation === "LookupEvents");
}

/** The record of a call that was made just now. */
function justNow(record: ReturnType<typeof callRecord>, changed: TrailRecord = {}) {
  return { ...record, eventTime: `${new Date().toISOString().slice(0, 19)}Z`, ...changed };
}

const putPolicy = () => justNow(registryPolicyEvent.detail);

function byCallerOf({ eventTime, eventID }: ReturnType<typeof putPolicy>) {
  return { ...CALLER, at: eventTime, eventId: eventID };
}

const policyFinding = { check: "registry-policy", account: MEMBER };
const unapproved = { check: "unapproved-change", account: MEMBER };

describe("a change that no event told", () => {
  it("is not asked for while nothing changed", async () => {
    await using simulator = await afterTheNight();
    expect(lookupsIn(simulator)).toEqual([]);
  });

  it("is told at night with the principal, judged, and told once", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator).registryPolicy = registryPolicyOpenToAll;
    const record = putPolicy();
    registryIn(simulator).trail = [record];
    const [mails, events] = [simulator.published.length, simulator.events.length];
    const changedBy = byCallerOf(record);

    expect(await invoke(simulator, schedulerEvent)).toMatchObject({
      findings: [
        { ...policyFinding, changedBy, transition: "opened" },
        { ...unapproved, changedBy, transition: "opened" },
      ],
    });
    const [mail] = simulator.published.slice(mails);
    for (const text of [CALLER.arn, CALLER.sessionName, CALLER.sourceIp])
      expect(JSON.stringify(mail)).toContain(text);
    expect(simulator.events[events]?.detail).toMatchObject({ finding: { changedBy } });
    // The two calls that change a registry policy, one page each.
    expect(lookupsIn(simulator)).toHaveLength(2);

    const told = simulator.published.length;
    for (const event of [schedulerEvent, { ...registryPolicyEvent, detail: record }, schedulerEvent]) {
      expect(await invoke(simulator, event)).toMatchObject({
        findings: [
          { ...policyFinding, changedBy, transition: "unchanged" },
          { ...unapproved, changedBy, transition: "unchanged" },
        ],
      });
    }
    expect(simulator.published).toHaveLength(told);
    expect(lookupsIn(simulator)).toHaveLength(2);
  });

  it("is not told again at night if an event told it, and nothing is looked up", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator).registryPolicy = registryPolicyOpenToAll;
    const record = putPolicy();
    registryIn(simulator).trail = [record];
    await invoke(simulator, { ...registryPolicyEvent, detail: record });
    const told = simulator.published.length;
    await invoke(simulator, schedulerEvent);
    expect(simulator.published).toHaveLength(told);
    expect(lookupsIn(simulator)).toEqual([]);
  });

  it("is named on the drift of its rule, whatever else was called", async () => {
    await using simulator = await afterTheNight();
    const [rule] = registryIn(simulator).rules;
    if (rule === undefined) throw new Error("The member has no rule");
    const now = new Date().toISOString();
    const added = { ...rule, ecrRepositoryPrefix: "new-hub", createdAt: now, updatedAt: now };
    registryIn(simulator).rules.push(added);
    const create = (ecrRepositoryPrefix: string, changed: TrailRecord = {}) =>
      justNow(callRecord("CreatePullThroughCacheRule", { ecrRepositoryPrefix }), changed);
    const made = create("new-hub", { eventID: "it" });
    const others = [
      create("new-hub", { eventID: "failed", errorCode: "LimitExceededException" }),
      create("new-hu", { eventID: "another-rule" }),
      create("new-hub", { eventID: "of-last-year", eventTime: "2025-11-20T09:14:58Z" }),
      create("new-hub", { eventID: "before", eventTime: new Date(Date.now() - 7_200_000).toISOString() }),
      create("new-hub", { eventID: "elsewhere", awsRegion: "us-east-1" }),
      create("new-hub", { eventID: "not-readable", requestParameters: "\u202e<b>" }),
      ...Array.from({ length: 120 }, (_, index) => create(`rule-${index}`, { eventID: `other-${index}` })),
    ];
    registryIn(simulator).trail = [...others, made];
    const events = simulator.events.length;
    await invoke(simulator, schedulerEvent);
    const [drift] = simulator.events
      .slice(events)
      .filter(({ detailType }) => detailType === "Pull Through Cache Rule Drift");
    expect(drift?.detail).toMatchObject({
      drift: { prefix: "new-hub", change: "added", changedBy: { ...CALLER, eventId: "it" } },
    });
  });

  it.each([
    { kind: "deny", by: "missing-permission", reason: "access-denied" },
    { kind: "deny", by: "service-control-policy", reason: "denied-by-scp" },
  ] as const)(
    "is by nobody known where CloudTrail may not be asked: $reason",
    async ({ reason, ...effect }) => {
      await using simulator = await afterTheNight();
      registryIn(simulator).registryPolicy = registryPolicyOpenToAll;
      registryIn(simulator).trail = [putPolicy()];
      simulator.world.faults.push({ on: { service: "cloudtrail" }, effect });
      const mails = simulator.published.length;
      expect(await invoke(simulator, schedulerEvent)).toMatchObject({
        coverage: { audited: 2, partial: 0 },
        findings: [{ ...policyFinding, changedBy: null, transition: "opened" }],
      });
      expect(JSON.stringify(simulator.published[mails])).toContain(`cloudtrail:LookupEvents: ${reason}`);
    },
  );

  it("is found behind an empty page", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator).registryPolicy = registryPolicyOpenToAll;
    const record = putPolicy();
    registryIn(simulator).trail = [record];
    simulator.world.faults.push({ on: { service: "cloudtrail" }, effect: { kind: "empty-page" }, times: 1 });
    expect(await invoke(simulator, schedulerEvent)).toMatchObject({
      findings: [{ ...policyFinding, changedBy: byCallerOf(record) }, unapproved],
    });
  });
});

describe("a change that an event told", () => {
  it("needs no lookup, whatever its audit finds", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator).registryPolicy = registryPolicyOpenToAll;
    await invoke(simulator, callEvent("PutRegistryScanningConfiguration", { scanType: "BASIC" }));
    expect(lookupsIn(simulator)).toEqual([]);
  });
});
