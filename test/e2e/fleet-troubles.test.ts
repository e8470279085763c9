import { writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { handler as collect } from "../../functions/collect.ts";
import { type Report, reportSchema } from "../../src/schemas/report.ts";
import { stateMachineError } from "../fleet/support/error.ts";
import type { Invoke } from "../fleet/support/execution.ts";
import {
  BUCKET,
  invokeHandler,
  leftBehind,
  type Play,
  play,
  withoutChance,
} from "../fleet/support/nights.ts";
import { context } from "../functions/context.ts";
import type { Fault } from "../simulator/faults.ts";
import { rule } from "../simulator/world-builder.ts";
import { worlds } from "../simulator/worlds/index.ts";
import { aDemandingPolicyFile } from "../support/builders.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const MEMBER = "444455556666";
const policy = aDemandingPolicyFile({ scope: { accounts: "organization", regions: "enabled" } });

/** Four registries, which the fleet reads in two batches: the hub's and the member's. */
function aFleet(): Promise<Play> {
  return play({ world: worlds.healthy(NOW), policy });
}

const batchSchema = z.looseObject({ Items: z.array(z.looseObject({ account: z.string() })) });

/** Troubles the batch with the member's registries, as often as it is tried. */
function withoutMember(trouble: () => Promise<never>): Invoke {
  return (name, payload) => {
    const items = batchSchema.safeParse(payload).data?.Items ?? [];
    return items.some(({ account }) => account === MEMBER) ? trouble() : invokeHandler(name, payload);
  };
}

function failing(name: string, message: string): () => Promise<never> {
  return () => Promise.reject(stateMachineError(name, message));
}

/** The first time that a function is invoked, something else happens. */
function once(which: string, first: Invoke): Invoke {
  let isFirst = true;
  return (name, payload) => {
    if (name !== which || !isFirst) return invokeHandler(name, payload);
    isFirst = false;
    return first(name, payload);
  };
}

function reportIn({ simulator }: Play): Report {
  const [last] = [...(simulator.objects.get(BUCKET) ?? [])]
    .filter(([key]) => key.endsWith("/report.json"))
    .toSorted(([a], [b]) => (a < b ? 1 : -1));
  return reportSchema.parse(JSON.parse(last?.[1].bytes.toString() ?? ""));
}

/** The alerts on rules with their ids: from events, and from the machine-readable parts of digests. */
function alertsIn({ simulator: { events, published } }: Play) {
  const ids = events.flatMap(({ detail }) => {
    const { eventId, finding, drift } = Object(detail);
    return finding === undefined && drift === undefined ? [] : [String(eventId)];
  });
  return { ids, digests: published.length };
}

/** A night in which one rule breaks, after one in which all was well. */
async function aBadNight(): Promise<Play> {
  const staged = await aFleet();
  expect(await staged.fleet()).toMatchObject({ end: "succeeded" });
  staged.nextNight();
  staged.simulator.events.length = 0;
  staged.simulator.published.length = 0;
  const region = staged.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
  for (const secret of region?.secrets ?? []) secret.login = "rejected";
  region?.rules.push(rule("k8s", "k8s"));
  return staged;
}

const down = (service: "sns" | "s3" | "securityhub", operation?: string): Fault => ({
  on: { service, ...(operation === undefined ? {} : { operation }) },
  effect: { kind: "deny", by: "missing-permission" },
});

describe("a batch whose function runs out of time", () => {
  it("keeps what it read; what it did not come to is a gap, and in the report", async () => {
    const staged = await aFleet();
    const listed = () =>
      staged.simulator.calls.filter(({ operation }) => operation === "DescribePullThroughCacheRules").length;
    const hurried = { ...context, getRemainingTimeInMillis: () => (listed() === 0 ? 900_000 : 22_000) };
    vi.stubEnv("AUDIT_CONCURRENCY", "1");
    const invoke: Invoke = (name, payload) =>
      name === "collect"
        ? collect(JSON.parse(JSON.stringify(payload)), hurried)
        : invokeHandler(name, payload);
    expect(await staged.fleet({}, invoke)).toMatchObject({ end: "succeeded" });
    const { planned, audited, gaps } = reportIn(staged).coverage;
    expect({ planned, audited }).toEqual({ planned: 4, audited: listed() });
    expect(audited).toBeGreaterThan(0);
    expect(gaps.map(({ reason }) => reason)).toEqual(Array(4 - listed()).fill("deadline"));
    expect(gaps.length).toBeGreaterThan(0);
  });
});

describe("a batch that dies", () => {
  it.each([
    [
      "crashes",
      failing(
        "Runtime.ExitError",
        JSON.stringify({ errorType: "Runtime.ExitError", errorMessage: "signal: killed" }),
      ),
      "service-error",
      "The function that should read it failed: Runtime.ExitError: signal: killed",
    ],
    [
      "takes too long",
      failing("Sandbox.Timedout", JSON.stringify({ errorMessage: "Task timed out after 600.00 seconds" })),
      "timeout",
      "The function that should read it failed: Sandbox.Timedout: Task timed out after 600.00 seconds",
    ],
    [
      "is never let run",
      failing("Lambda.TooManyRequestsException", "Rate Exceeded."),
      "service-error",
      "The function that should read it failed: Lambda.TooManyRequestsException: Rate Exceeded.",
    ],
  ])(
    "because its function %s makes each of its registries a gap, and the others are evaluated",
    async (_how, trouble, reason, detail) => {
      const staged = await aFleet();
      const ended = await staged.fleet({}, withoutMember(trouble));
      expect(ended).toMatchObject({
        end: "succeeded",
        output: { coverage: { planned: 4, audited: 2, unreachable: 2 } },
      });
      const { coverage, findings } = reportIn(staged);
      expect(coverage.gaps).toEqual(
        ["eu-west-1", "us-east-1"].map((region) => ({
          account: MEMBER,
          accountName: "payments-prod",
          region,
          state: "unreachable",
          reason,
          operation: "lambda:Invoke",
          detail,
          prefixes: [],
        })),
      );
      expect(
        new Set(findings.filter(({ account }) => account === MEMBER).map(({ status }) => status)),
      ).toEqual(new Set(["UNKNOWN"]));
    },
  );

  it("for a moment only, leaves nothing missing", async () => {
    const staged = await aFleet();
    await staged.fleet({}, once("collect", failing("Lambda.ServiceException", "Service is unavailable")));
    const undisturbed = await aFleet();
    await undisturbed.fleet();
    expect(withoutChance(leftBehind(staged.simulator))).toBe(
      withoutChance(leftBehind(undisturbed.simulator)),
    );
  });

  it("after it was read, is written over when it is read again", async () => {
    const staged = await aFleet();
    const lost: Invoke = async (name, payload) => {
      await invokeHandler(name, payload);
      throw stateMachineError("Lambda.SdkClientException", "Unable to execute HTTP request");
    };
    await staged.fleet({}, once("collect", lost));
    const batches = [...(staged.simulator.objects.get(BUCKET)?.keys() ?? [])].filter((key) =>
      key.includes("/batches/"),
    );
    expect(batches).toHaveLength(2);
    expect(reportIn(staged).coverage).toMatchObject({ planned: 4, audited: 4, gaps: [] });
  });

  it("with all the others, leaves an audit that saw nothing, and says so", async () => {
    const staged = await aFleet();
    const never: Invoke = (name, payload) =>
      name === "collect" ? failing("Lambda.Unknown", "")() : invokeHandler(name, payload);
    expect(await staged.fleet({}, never)).toMatchObject({
      end: "succeeded",
      output: { status: "incomplete", coverage: { planned: 4, unreachable: 4 } },
    });
    expect(staged.simulator.published).toHaveLength(1);
  });
});

describe("a report of failed batches that cannot be stored", () => {
  it("costs nothing of what was read", async () => {
    const staged = await aFleet();
    const { faults } = staged.simulator.world;
    const unwritable = down("s3", "PutObject");
    let batches = 0;
    const invoke: Invoke = async (name, payload) => {
      if (name === "conclude") faults.splice(faults.indexOf(unwritable), 1);
      const answer = await invokeHandler(name, payload);
      if (name === "collect") batches += 1;
      if (batches === 2 && name === "collect") faults.push(unwritable);
      return answer;
    };
    expect(await staged.fleet({}, invoke)).toMatchObject({ end: "succeeded" });
    expect(reportIn(staged).coverage).toMatchObject({ planned: 4, audited: 4 });
  });
});

describe("concluding that breaks off", () => {
  /** Concludes once while a service is down, which comes back a minute later. */
  const whileDown = async (staged: Play, fault: Fault) => {
    const { faults } = staged.simulator.world;
    const breakOff: Invoke = async (name, payload) => {
      faults.push(fault);
      await invokeHandler(name, payload).finally(() => {
        faults.splice(faults.indexOf(fault), 1);
        staged.nextMinute();
      });
    };
    expect(await staged.fleet({}, once("conclude", breakOff))).toMatchObject({ end: "succeeded" });
  };

  /** The next audit reports nothing about it. */
  const expectNothingMore = async (staged: Play) => {
    const before = alertsIn(staged);
    staged.nextNight();
    expect(await staged.fleet()).toMatchObject({ end: "succeeded" });
    expect(alertsIn(staged)).toEqual(before);
  };

  it("before the state is stored runs again, and repeats alerts with their ids", async () => {
    const staged = await aBadNight();
    await whileDown(staged, down("s3", "PutObject"));
    const { ids, digests } = alertsIn(staged);
    expect(digests).toBe(2);
    expect(ids.length).toBe(2 * new Set(ids).size);
    await expectNothingMore(staged);
  });

  it("after the state was stored delivers nothing twice, and does not change its report", async () => {
    const staged = await aBadNight();
    let left = "";
    const breakOff: Invoke = async (name, payload) => {
      await invokeHandler(name, payload);
      left = withoutChance(leftBehind(staged.simulator));
      throw stateMachineError("Sandbox.Timedout", "Task timed out after 900.00 seconds");
    };
    const ended = await staged.fleet({}, once("conclude", breakOff));
    expect(ended).toMatchObject({ end: "succeeded", output: { summary: { transitions: { opened: 3 } } } });
    expect(withoutChance(leftBehind(staged.simulator))).toBe(left);
  });

  it.each([
    ["people", down("sns")],
    ["Security Hub", down("securityhub")],
  ])(
    "because %s could not be delivered runs again, and integrations receive nothing twice",
    async (_whom, fault) => {
      const staged = await aBadNight();
      await whileDown(staged, fault);
      const { ids, digests } = alertsIn(staged);
      expect(digests).toBe(1);
      expect(ids.length).toBe(new Set(ids).size);
      expect(staged.simulator.published[0]?.messages["email"]).toContain("docker-hub");
      expect(staged.simulator.securityHubFindings.length).toBeGreaterThan(0);
      expect(reportIn(staged).summary.transitions.opened).toBeGreaterThan(0);
      await expectNothingMore(staged);
    },
  );

  it("for good fails the execution, and what is owed goes out with the next audit", async () => {
    const staged = await aBadNight();
    const { faults } = staged.simulator.world;
    faults.push(down("sns"));
    expect(await staged.fleet()).toMatchObject({
      end: "failed",
      error: "DeliveryError",
      cause: expect.stringContaining("SNS topic"),
    });
    faults.pop();
    staged.nextNight();
    expect(await staged.fleet()).toMatchObject({ end: "succeeded" });
    expect(alertsIn(staged).digests).toBe(1);
  });
});

describe("planning", () => {
  it.each([
    ["a bad request", { accounts: ["1"], scope: "all" }, {}, "InvalidEventError", /accounts\[0\].*\n.*scope/],
    ["what lies outside the scope", { accounts: ["999988887777"] }, {}, "RequestError", /999988887777/],
    [
      "bad settings",
      {},
      { AUDIT_STORE: "./audits", AUDIT_CONCURRENCY: "0" },
      "ConfigurationError",
      /AUDIT_STORE must be s3:.*\n.*AUDIT_CONCURRENCY/,
    ],
    ["no store", {}, { AUDIT_STORE: "" }, "ConfigurationError", /AUDIT_STORE must be s3:/],
  ])("refuses %s, and nothing is read", async (_what, event, environment, error, cause) => {
    const staged = await aFleet();
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const ended = await staged.fleet(event);
    expect(ended).toMatchObject({ end: "failed", error, cause: expect.stringMatching(cause) });
    expect(staged.simulator.calls.filter(({ service }) => service === "ecr")).toEqual([]);
  });

  it("fixes the policy: what becomes of the file later counts for the next audit", async () => {
    const staged = await aFleet();
    const changing: Invoke = async (name, payload) => {
      const answer = await invokeHandler(name, payload);
      const file = process.env["AUDIT_POLICY"] ?? "";
      if (name === "plan") await writeFile(file, '{ "version": 2 }');
      return answer;
    };
    expect(await staged.fleet({}, changing)).toMatchObject({
      end: "succeeded",
      output: { status: "non-compliant" },
    });
    expect(await staged.fleet()).toMatchObject({ end: "failed", error: "ConfigurationError" });
  });
});

describe("reading", () => {
  it("asks of each registry what one function asks, and no more", async () => {
    const callsBy = async (way: "single" | "fleet") => {
      const staged = await aFleet();
      await staged[way]();
      return staged.simulator.calls
        .filter(({ service }) => service === "ecr" || service === "secretsmanager")
        .map(({ service, operation, account, region, input }) => ({
          service,
          operation,
          account,
          region,
          input,
        }))
        .map((call) => JSON.stringify(call))
        .toSorted();
    };
    const calls = await callsBy("fleet");
    expect(calls).toEqual(await callsBy("single"));
    expect(calls.length).toBeGreaterThan(8);
  });
});
