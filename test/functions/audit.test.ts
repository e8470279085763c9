import { afterEach, describe, expect, it, vi } from "vitest";
import { handler } from "../../functions/audit.ts";
import type { Fault } from "../simulator/faults.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { context } from "./context.ts";
import { cloudTrailEvent, schedulerEvent } from "./events.ts";
import { fleet, HUB, MEMBER, REGION, settings, settingsWithoutTopic } from "./fleet.ts";
import { captureStdout, metricsIn } from "./stdout.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function invoke(simulator: Simulator, environment: Readonly<Record<string, string>>, event: unknown) {
  for (const [name, value] of Object.entries({ ...simulator.env, ...environment })) vi.stubEnv(name, value);
  return handler(event, context);
}

function deliveredBy({ published, events }: Simulator) {
  return { people: published.length, integrations: events.map(({ detailType }) => detailType) };
}

const finding = "Pull Through Cache Finding";
const completed = "Pull Through Cache Audit Completed";

describe("the handler", () => {
  it("audits, notifies topics and integrations, and returns the report's figures", async () => {
    await using simulator = await startSimulator(fleet());
    const stdout = captureStdout();
    const response = await invoke(simulator, settings, schedulerEvent);
    expect(response).toMatchObject({
      status: "non-compliant",
      summary: { rules: 3, failing: { high: 1 } },
      coverage: { planned: 2, audited: 2, gaps: [], gapsOmitted: 0 },
      findings: [{ check: "rule-validation", status: "FAIL", account: MEMBER, prefix: "docker-hub" }],
      findingsOmitted: 0,
      report: { location: null },
    });
    expect(deliveredBy(simulator)).toEqual({ people: 1, integrations: [finding, completed] });
    expect(simulator.published).toMatchObject([{ topicArn: settings.AUDIT_TOPIC_ARN }]);
    const lines = stdout.lines();
    expect(lines).toContainEqual(
      expect.objectContaining({ message: "Audit done", function_request_id: context.awsRequestId }),
    );
    expect(metricsIn(lines)).toMatchObject([{ AuditsCompleted: 1, FailingHigh: 1, Coverage: 100 }]);
  });

  it("notifies no topic when nothing failed, and reports the audit to integrations", async () => {
    await using simulator = await startSimulator(fleet());
    captureStdout();
    const response = await invoke(simulator, settings, cloudTrailEvent);
    expect(response).toMatchObject({ status: "compliant", summary: { rules: 1 }, coverage: { planned: 1 } });
    expect(deliveredBy(simulator)).toEqual({ people: 0, integrations: [completed] });
  });

  it.each([
    ["nobody in a dry run", { dryRun: true, notify: "always" }, { people: 0, integrations: [] }],
    [
      "no topic if notifications are turned off",
      { notify: "never" },
      { people: 0, integrations: [finding, completed] },
    ],
    [
      "the topic of an audit without findings if it is always notified",
      { accounts: [HUB], notify: "always" },
      { people: 1, integrations: [completed] },
    ],
  ])("notifies %s", async (_whom, event, delivered) => {
    await using simulator = await startSimulator(fleet());
    captureStdout();
    await invoke(simulator, settings, event);
    expect(deliveredBy(simulator)).toEqual(delivered);
  });

  it("throws when the topic could not be notified, still reports to integrations, and counts the failure", async () => {
    await using simulator = await startSimulator(fleet());
    const stdout = captureStdout();
    await expect(invoke(simulator, settingsWithoutTopic, {})).rejects.toMatchObject({
      name: "DeliveryError",
      message: expect.stringContaining(`SNS topic ${settingsWithoutTopic.AUDIT_TOPIC_ARN}`),
    });
    expect(deliveredBy(simulator)).toEqual({ people: 0, integrations: [finding, completed] });
    expect(metricsIn(stdout.lines())).toMatchObject([{ AuditsCompleted: 1, DeliveryFailures: 1 }]);
  });

  it("throws when the organization cannot be listed, and notifies nobody", async () => {
    const denied: Fault = {
      on: { service: "organizations" },
      effect: { kind: "deny", by: "missing-permission" },
    };
    await using simulator = await startSimulator(fleet({ faults: [denied] }));
    captureStdout();
    await expect(invoke(simulator, settings, {})).rejects.toMatchObject({ name: "CannotStartError" });
    expect(deliveredBy(simulator)).toEqual({ people: 0, integrations: [] });
  });

  it("stops in time to deliver its findings, and names what it had no time for", async () => {
    await using simulator = await startSimulator(fleet());
    captureStdout();
    for (const [name, value] of Object.entries({ ...simulator.env, ...settings })) vi.stubEnv(name, value);
    const hasListed = () => simulator.calls.some(({ operation }) => operation.startsWith("DescribePull"));
    // Enough for those under way, and for no other.
    const getRemainingTimeInMillis = () => (hasListed() ? 22_000 : 900_000);
    vi.stubEnv("AUDIT_CONCURRENCY", "1");
    const response = await handler(schedulerEvent, { ...context, getRemainingTimeInMillis });
    expect(response).toMatchObject({
      status: "incomplete",
      coverage: {
        planned: 2,
        audited: 1,
        gaps: [{ account: MEMBER, region: REGION, reason: "deadline" }],
      },
    });
    expect(deliveredBy(simulator)).toEqual({ people: 1, integrations: [completed] });
  });

  it("throws when asked for what lies outside the policy's scope", async () => {
    await using simulator = await startSimulator(fleet());
    captureStdout();
    const outside = { accounts: ["999988887777"], regions: ["ap-southeast-2"] };
    const refusal = { name: "RequestError", message: expect.stringMatching(/999988887777|ap-southeast-2/) };
    await expect(invoke(simulator, settings, outside)).rejects.toMatchObject(refusal);
  });

  it("throws before it asks AWS for anything when the event is no request", async () => {
    await using simulator = await startSimulator(fleet());
    captureStdout();
    const event = { regions: [], scope: "all" };
    const refusal = { name: "InvalidEventError", message: expect.stringMatching(/regions.*\n.*\$\.scope/) };
    await expect(invoke(simulator, settings, event)).rejects.toMatchObject(refusal);
    expect(simulator.calls).toEqual([]);
  });

  it("throws before it asks AWS for anything when settings are bad, and lists each", async () => {
    await using simulator = await startSimulator(fleet());
    captureStdout();
    const bad = { AUDIT_TOPIC_ARN: "alerts", AUDIT_CONCURRENCY: "0", AUDIT_CHANNEL: "alerts" };
    const error = await invoke(simulator, { ...settings, ...bad }, {}).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "ConfigurationError" });
    for (const name of Object.keys(bad)) expect(String(error)).toContain(name);
    expect(simulator.calls).toEqual([]);
  });
});
