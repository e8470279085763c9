import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  cloudTrailEvent,
  pullThroughEvent,
  scheduledRuleEvent,
  schedulerEvent,
} from "../functions/events.ts";
import { fleet, MEMBER, settings, settingsWithoutTopic } from "../functions/fleet.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { type DeployedFunction, deploy, type Outcome } from "./deployed.ts";
import { packaged } from "./packages.ts";

let zip: Uint8Array;
let deployed: DeployedFunction;

beforeAll(async () => {
  zip = (await packaged()).zips.audit;
  deployed = await deploy(zip, "functions/audit.handler");
});

afterAll(() => deployed[Symbol.asyncDispose]());

function invoke(
  simulator: Simulator,
  event: unknown,
  environment: Readonly<Record<string, string>> = settings,
): Promise<Outcome> {
  return deployed.invoke(event, { ...simulator.env, ...environment });
}

const everything = {
  status: "non-compliant",
  summary: { rules: 3, failing: { critical: 0, high: 1, medium: 0, low: 0, informational: 0 } },
  coverage: { planned: 2, audited: 2, partial: 0, unreachable: 0, excluded: 0, gaps: [], gapsOmitted: 0 },
  findings: [{ check: "rule-validation", status: "FAIL", account: MEMBER, prefix: "docker-hub" }],
  findingsOmitted: 0,
  report: { location: null },
};
const theFailingRule = { ...everything, summary: { rules: 1 }, coverage: { planned: 1 } };
const aSoundRule = { status: "compliant", summary: { rules: 1 }, coverage: { planned: 1 }, findings: [] };

describe("the zip", () => {
  it("is small", () => {
    expect(zip.byteLength).toBeLessThan(400_000);
  });

  it("holds the bundle, the policies to audit by and the notices of its packages, and nothing else", () => {
    const files = Object.keys(unzipSync(zip)).filter((name) => !name.endsWith("/"));
    expect(files).toEqual(
      expect.arrayContaining(["functions/audit.js", "functions/package.json", "policies/default.json"]),
    );
    const known = [
      /^functions\/(audit(\.[\w-]+)?\.js|package\.json)$/,
      /^policies\/[^/]+\.json$/,
      /^THIRD-PARTY-NOTICES\.txt$/,
    ];
    expect(files.filter((name) => !known.some((pattern) => pattern.test(name)))).toEqual([]);
  });
});

describe("the deployed handler", () => {
  it.each([
    ["answers", {}, "answered"],
    ["throws", { nonsense: true }, "failed"],
  ])("logs only JSON when it %s", async (_what, event, end) => {
    await using simulator = await startSimulator(fleet());
    const { outcome, lines } = await deployed.invokeLogged(event, {
      ...simulator.env,
      ...settings,
      // Has Node.js print a warning.
      NODE_OPTIONS: "--trace-deprecation --pending-deprecation",
    });
    expect(outcome.end).toBe(end);
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => "object"));
    if (end === "answered") expect(lines.length).toBeGreaterThan(1);
  });

  it.each([
    ["nothing", {}, everything],
    ["an event of EventBridge Scheduler", schedulerEvent, everything],
    ["an event of a scheduled rule", scheduledRuleEvent, everything],
    ["a narrowed request", { accounts: [MEMBER], prefixes: ["docker-hub"] }, theFailingRule],
    ["an event of CloudTrail about a rule", cloudTrailEvent, aSoundRule],
    ["an event of ECR about a pull", pullThroughEvent, theFailingRule],
  ])("answers %s, and tells what it found", async (_what, event, response) => {
    await using simulator = await startSimulator(fleet());
    expect(await invoke(simulator, event)).toMatchObject({ end: "answered", response });
    const { findings } = response;
    expect(simulator.published).toHaveLength(findings.length);
    expect(simulator.events.map(({ detailType }) => detailType)).toEqual([
      ...findings.map(() => "Pull Through Cache Finding"),
      "Pull Through Cache Audit Completed",
    ]);
  });

  it("takes a batch of a queue as one audit, and answers with the messages that are not valid", async () => {
    await using simulator = await startSimulator(fleet());
    const message = (messageId: string, body: string) => ({ messageId, body, eventSource: "aws:sqs" });
    const Records = [
      message("rule", JSON.stringify(cloudTrailEvent)),
      message("pull", JSON.stringify(pullThroughEvent)),
      message("broken", "{"),
    ];
    expect(await invoke(simulator, { Records })).toEqual({
      end: "answered",
      response: { batchItemFailures: [{ itemIdentifier: "broken" }] },
    });
    expect(simulator.events.map(({ detailType }) => detailType)).toEqual([
      "Pull Through Cache Finding",
      "Pull Through Cache Audit Completed",
    ]);
  });

  it("tells people in each of their ways which rule fails where", async () => {
    await using simulator = await startSimulator(fleet());
    await invoke(simulator, schedulerEvent);
    const [digest] = simulator.published;
    expect(digest?.topicArn).toBe(settings.AUDIT_TOPIC_ARN);
    expect(Object.keys(digest?.messages ?? {}).sort()).toEqual(["default", "email", "https", "sms"]);
    expect(digest?.messages["email"]).toContain(MEMBER);
    expect(digest?.messages["email"]).toContain("docker-hub");
  });

  it("refuses what is no request, with all that is wrong with it, and asks AWS for nothing", async () => {
    await using simulator = await startSimulator(fleet());
    const outcome = await invoke(simulator, { accounts: ["1"], dryRun: "yes", scope: "all" });
    expect(outcome).toMatchObject({
      end: "failed",
      errorType: "InvalidEventError",
      errorMessage: expect.stringMatching(/accounts\[0\].*\n.*dryRun.*\n.*\$\.scope/),
    });
    expect(simulator.calls).toEqual([]);
  });

  it("fails when a digest could not be delivered", async () => {
    await using simulator = await startSimulator(fleet());
    expect(await invoke(simulator, {}, settingsWithoutTopic)).toMatchObject({
      end: "failed",
      errorType: "DeliveryError",
      errorMessage: expect.stringContaining("Topic does not exist"),
    });
  });

  it("finds the default policy in its package, by its path and without one", async () => {
    await using simulator = await startSimulator(fleet());
    const { AUDIT_POLICY: _policy, ...others } = settings;
    for (const environment of [others, { ...others, AUDIT_POLICY: "policies/default.json" }]) {
      const outcome = await invoke(simulator, {}, environment);
      expect(outcome).toMatchObject({ end: "answered", response: { coverage: { planned: 1 } } });
    }
  });
});
