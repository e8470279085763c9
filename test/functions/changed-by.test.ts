import { afterEach, describe, expect, it, vi } from "vitest";
import { afterTheNight, invoke, registryIn } from "./after-the-night.ts";
import { CALLER, callEvent, registryPolicyEvent, schedulerEvent } from "./events.ts";
import { MEMBER } from "./fleet.ts";
import { registryPolicyOpenToAll } from "./open-policy.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function byCallerIn({ detail: { eventTime, eventID } }: typeof registryPolicyEvent) {
  return { ...CALLER, at: eventTime, eventId: eventID };
}

describe("who made a change", () => {
  it("is told with an opened registry policy by the event alone, once, and stays named", async () => {
    await using simulator = await afterTheNight();
    registryIn(simulator).registryPolicy = registryPolicyOpenToAll;
    const [mails, events] = [simulator.published.length, simulator.events.length];

    const changedBy = byCallerIn(registryPolicyEvent);
    const finding = { check: "registry-policy", changedBy };
    const unapproved = { check: "unapproved-change", prefix: null, changedBy };
    expect(await invoke(simulator, registryPolicyEvent)).toMatchObject({
      findings: [
        { ...finding, transition: "opened" },
        { ...unapproved, transition: "opened" },
      ],
    });
    const [mail] = simulator.published.slice(mails);
    for (const text of [CALLER.arn, CALLER.sessionName, CALLER.sourceIp])
      expect(JSON.stringify(mail)).toContain(text);
    expect(simulator.events[events]?.detail).toMatchObject({ finding });

    const told = simulator.published.length;
    for (const event of [registryPolicyEvent, schedulerEvent]) {
      expect(await invoke(simulator, event)).toMatchObject({
        findings: [
          { ...finding, transition: "unchanged" },
          { ...unapproved, transition: "unchanged" },
        ],
      });
    }
    expect(simulator.published).toHaveLength(told);
  });

  it("is told with a rule that appeared", async () => {
    await using simulator = await afterTheNight();
    const [rule] = registryIn(simulator).rules;
    if (rule === undefined) throw new Error("The member has no rule");
    registryIn(simulator).rules.push({ ...rule, ecrRepositoryPrefix: "new-hub" });
    const created = callEvent("CreatePullThroughCacheRule", { ecrRepositoryPrefix: "new-hub" });
    const events = simulator.events.length;
    await invoke(simulator, created);
    const [drift] = simulator.events
      .slice(events)
      .filter(({ detailType }) => detailType === "Pull Through Cache Rule Drift");
    expect(drift?.detail).toMatchObject({
      drift: { prefix: "new-hub", change: "added", changedBy: byCallerIn(created) },
    });
  });

  it("decides about an unapproved change, until an allowed principal makes it", async () => {
    await using simulator = await afterTheNight();
    const event = callEvent("UpdatePullThroughCacheRule", { ecrRepositoryPrefix: "quay" });
    const unapproved = { check: "unapproved-change", prefix: "quay" };
    const ofPipeline = {
      ...event.detail,
      eventTime: "2026-11-20T10:00:00Z",
      userIdentity: { type: "AWSService", arn: `arn:aws:iam::${MEMBER}:role/pipelines/ecr` },
    };
    const byPipeline = { ...event, detail: ofPipeline };
    expect(await invoke(simulator, event)).toMatchObject({
      findings: [{ ...unapproved, transition: "opened", changedBy: byCallerIn(event) }],
    });
    // The event comes again, the night comes, and an older one comes late: nothing new.
    for (const again of [event, schedulerEvent]) {
      expect(await invoke(simulator, again)).toMatchObject({
        findings: [{ ...unapproved, transition: "unchanged" }],
      });
    }
    expect(await invoke(simulator, byPipeline)).toMatchObject({ summary: { transitions: { resolved: 1 } } });
    expect(await invoke(simulator, event)).toMatchObject({ status: "compliant" });
  });
});
