import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { handler } from "../../functions/audit.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { context } from "./context.ts";
import { CALLER, callEvent, registryPolicyEvent, schedulerEvent } from "./events.ts";
import { fleet, HUB, MEMBER, REGION, settings } from "./fleet.ts";
import { captureStdout } from "./stdout.ts";

const BUCKET = "reports";
const withStore = {
  ...settings,
  AUDIT_POLICY: fileURLToPath(new URL("registry-policy.json", import.meta.url)),
  AUDIT_STORE: `s3://${BUCKET}`,
};

afterEach(() => {
  vi.unstubAllEnvs();
});

function invoke(simulator: Simulator, event: unknown) {
  for (const [name, value] of Object.entries({ ...simulator.env, ...withStore })) vi.stubEnv(name, value);
  return handler(event, context);
}

function memberIn({ world }: Simulator) {
  const registry = world.accounts[MEMBER]?.regions[REGION];
  if (registry === undefined) throw new Error("The member has no registry");
  return registry;
}

/** A fleet whose nightly audit found every rule sound. */
async function afterTheNight(): Promise<Simulator> {
  const world = fleet();
  world.accounts[HUB]?.regions[REGION]?.buckets.push(BUCKET);
  const simulator = await startSimulator(world);
  for (const rule of memberIn(simulator).rules) rule.validation = { isValid: true };
  captureStdout();
  await invoke(simulator, schedulerEvent);
  return simulator;
}

const openToAll = {
  Version: "2012-10-17",
  Statement: [{ Sid: "All", Effect: "Allow", Principal: "*", Action: "ecr:*", Resource: "*" }],
};

function byCallerIn({ detail: { eventTime, eventID } }: typeof registryPolicyEvent) {
  return { ...CALLER, at: eventTime, eventId: eventID };
}

describe("who made a change", () => {
  it("is told with an opened registry policy by the event alone, once, and stays named", async () => {
    await using simulator = await afterTheNight();
    memberIn(simulator).registryPolicy = JSON.stringify(openToAll);
    const [mails, events] = [simulator.published.length, simulator.events.length];

    const changedBy = byCallerIn(registryPolicyEvent);
    const finding = { check: "registry-policy", changedBy };
    expect(await invoke(simulator, registryPolicyEvent)).toMatchObject({
      findings: [{ ...finding, transition: "opened" }],
    });
    const [mail] = simulator.published.slice(mails);
    for (const text of [CALLER.arn, CALLER.sessionName, CALLER.sourceIp])
      expect(JSON.stringify(mail)).toContain(text);
    expect(simulator.events[events]?.detail).toMatchObject({ finding });

    const told = simulator.published.length;
    for (const event of [registryPolicyEvent, schedulerEvent]) {
      expect(await invoke(simulator, event)).toMatchObject({
        findings: [{ ...finding, transition: "unchanged" }],
      });
    }
    expect(simulator.published).toHaveLength(told);
  });

  it("is told with a rule that appeared", async () => {
    await using simulator = await afterTheNight();
    const [rule] = memberIn(simulator).rules;
    if (rule === undefined) throw new Error("The member has no rule");
    memberIn(simulator).rules.push({ ...rule, ecrRepositoryPrefix: "new-hub" });
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
});
