import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { handler } from "../../functions/audit.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { context } from "./context.ts";
import {
  callEvent,
  cloudTrailEvent,
  pullThroughEvent,
  registryPolicyEvent,
  schedulerEvent,
  secretEvent,
} from "./events.ts";
import { fleet, HUB, MEMBER, REGION, settings } from "./fleet.ts";
import { captureStdout } from "./stdout.ts";

const BUCKET = "reports";
const withStore = { ...settings, AUDIT_STORE: `s3://${BUCKET}` };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A fleet with a store that an audit of the night has filled; both rules of the member were sound then. */
async function afterTheNight(): Promise<Simulator> {
  const world = fleet();
  const hub = world.accounts[HUB]?.regions[REGION];
  hub?.buckets.push(BUCKET);
  const simulator = await startSimulator(world);
  breakRule(simulator, "docker-hub", null);
  captureStdout();
  await invoke(simulator, schedulerEvent);
  return simulator;
}

function invoke(simulator: Simulator, event: unknown) {
  for (const [name, value] of Object.entries({ ...simulator.env, ...withStore })) vi.stubEnv(name, value);
  return handler(event, context);
}

function breakRule({ world }: Simulator, prefix: string, failure: string | null): void {
  const rules = world.accounts[MEMBER]?.regions[REGION]?.rules ?? [];
  for (const rule of rules.filter((it) => it.ecrRepositoryPrefix === prefix)) {
    rule.validation = failure === null ? { isValid: true } : { isValid: false, failure };
  }
}

const inputSchema = z.looseObject({ ecrRepositoryPrefix: z.string().optional() });

/** The calls of ECR from the n-th on: operation, registry, and the rule if one was named. */
function registryCallsOf({ calls }: Simulator, from: number): readonly string[] {
  return calls.slice(from).flatMap(({ service, operation, account, region, input }) => {
    if (service !== "ecr") return [];
    const { ecrRepositoryPrefix } = inputSchema.parse(input);
    return [[operation, account, region, ecrRepositoryPrefix].filter((part) => part !== undefined).join(" ")];
  });
}

describe.each([
  ["a changed rule, as reported by CloudTrail", cloudTrailEvent, "quay"],
  ["an old pull, as reported by ECR", pullThroughEvent, "docker-hub"],
])("an event that a member account forwards: %s", (_what, event, prefix) => {
  it("leads to one audit of that rule alone, and to an alert at once", async () => {
    await using simulator = await afterTheNight();
    const [calls, mails, events] = [
      simulator.calls.length,
      simulator.published.length,
      simulator.events.length,
    ];
    breakRule(simulator, prefix, "The upstream registry does not answer: too many requests");

    const response = await invoke(simulator, event);

    expect(response).toMatchObject({ status: "non-compliant", coverage: { planned: 1, audited: 1 } });
    expect(registryCallsOf(simulator, calls)).toEqual([
      `DescribePullThroughCacheRules ${MEMBER} ${REGION}`,
      `ValidatePullThroughCacheRule ${MEMBER} ${REGION} ${prefix}`,
      `ValidatePullThroughCacheRule ${MEMBER} ${REGION} ${prefix}`,
    ]);
    const assumed = simulator.calls.slice(calls).filter(({ operation }) => operation === "AssumeRole");
    expect(assumed).toHaveLength(1);
    expect(simulator.published.slice(mails)).toHaveLength(1);
    expect(simulator.events.slice(events).map(({ detailType }) => detailType)).toEqual([
      "Pull Through Cache Finding",
      "Pull Through Cache Audit Completed",
    ]);
  });

  it("does not notify the topic when the rule is as sound as before", async () => {
    await using simulator = await afterTheNight();
    const mails = simulator.published.length;
    const response = await invoke(simulator, event);
    expect(response).toMatchObject({ status: "compliant", coverage: { planned: 1, audited: 1 } });
    expect(simulator.published).toHaveLength(mails);
  });
});

describe("an event about a secret", () => {
  const arn = `arn:aws:secretsmanager:${REGION}:${MEMBER}:secret:ecr-pullthroughcache/quay-AbCdEf`;
  const describing = `DescribePullThroughCacheRules ${MEMBER} ${REGION}`;

  it.each([
    ["by its name", "ecr-pullthroughcache/quay", ["quay"]],
    ["by its ARN", arn, ["quay"]],
    ["by a part of its ARN", arn.slice(0, -"-AbCdEf".length), ["quay"]],
    ["of which no rule has the name", "ecr-pullthroughcache/qua", []],
  ])("that is named %s audits the rules that use it alone", async (_how, secretId, prefixes) => {
    await using simulator = await afterTheNight();
    for (const rule of simulator.world.accounts[MEMBER]?.regions[REGION]?.rules ?? []) {
      if (rule.ecrRepositoryPrefix === "quay") rule.credential = arn;
    }
    const calls = simulator.calls.length;
    const response = await invoke(simulator, callEvent("PutSecretValue", { secretId }, "secretsmanager"));
    expect(response).toMatchObject({ summary: { rules: prefixes.length }, coverage: { audited: 1 } });
    // The rules are listed twice. There is no such secret, so that the validation fails, and is repeated.
    expect([...new Set(registryCallsOf(simulator, calls))]).toEqual([
      describing,
      ...prefixes.map((prefix) => `ValidatePullThroughCacheRule ${MEMBER} ${REGION} ${prefix}`),
    ]);
  });

  it("leaves a gap if the rules cannot be listed", async () => {
    await using simulator = await afterTheNight();
    simulator.world.faults = [
      {
        on: { service: "ecr", operation: "DescribePullThroughCacheRules" },
        effect: { kind: "deny", by: "missing-permission" },
      },
    ];
    const response = await invoke(simulator, secretEvent);
    expect(response).toMatchObject({ status: "incomplete", coverage: { planned: 1, unreachable: 1 } });
  });
});

it("an event about a registry audits every rule of it", async () => {
  await using simulator = await afterTheNight();
  const response = await invoke(simulator, registryPolicyEvent);
  expect(response).toMatchObject({ status: "compliant", summary: { rules: 2 }, coverage: { planned: 1 } });
});

it.each([
  ["a rule", cloudTrailEvent],
  ["a registry policy", registryPolicyEvent],
  ["a secret", secretEvent],
])("a failed call about %s audits nothing", async (_what, event) => {
  await using simulator = await afterTheNight();
  const [calls, events] = [simulator.calls.length, simulator.events.length];
  const detail = { ...event.detail, errorCode: "AccessDenied", errorMessage: "not authorized" };
  const skipped = `${event.detail.eventName} failed with AccessDenied and changed nothing.`;
  expect(await invoke(simulator, { ...event, detail })).toEqual({ skipped });
  expect(simulator.calls).toHaveLength(calls);
  expect(simulator.events).toHaveLength(events);
});

describe("what an event did not concern", () => {
  it("is neither looked at nor resolved", async () => {
    await using simulator = await afterTheNight();
    breakRule(simulator, "docker-hub", "unauthorized: the token was revoked");
    await invoke(simulator, schedulerEvent);
    breakRule(simulator, "docker-hub", null);
    const events = simulator.events.length;
    await invoke(simulator, cloudTrailEvent);
    expect(simulator.events.slice(events).map(({ detailType }) => detailType)).toEqual([
      "Pull Through Cache Audit Completed",
    ]);
    const response = await invoke(simulator, schedulerEvent);
    expect(response).toMatchObject({ status: "compliant", summary: { transitions: { resolved: 1 } } });
  });
});
