import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeEvents } from "../../functions/shared/merged-events.ts";
import { messagesIn } from "../../functions/shared/queue-batch.ts";
import {
  callEvent,
  cloudTrailEvent,
  pullThroughEvent,
  registryPolicyEvent,
  schedulerEvent,
  secretEvent,
} from "./events.ts";
import { HUB, MEMBER, REGION } from "./fleet.ts";

/** A batch as Lambda takes it from a queue. */
function batch(...bodies: readonly unknown[]) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: "handle",
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: "1" },
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:${REGION}:${HUB}:changes`,
      awsRegion: REGION,
    })),
  };
}

function merged(...bodies: readonly unknown[]) {
  return mergeEvents(messagesIn(batch(...bodies)) ?? []);
}

const ofMember = { accounts: [MEMBER], regions: [REGION], registries: [`${MEMBER}/${REGION}`] };
const inHub = { ...registryPolicyEvent, account: HUB };
const elsewhere = {
  ...cloudTrailEvent,
  account: HUB,
  detail: { ...cloudTrailEvent.detail, awsRegion: "us-east-1" },
};

describe("the events of a batch", () => {
  it.each<[string, readonly unknown[], object]>([
    ["one rule", [cloudTrailEvent], { ...ofMember, prefixes: ["quay"] }],
    ["a rule twice", [cloudTrailEvent, cloudTrailEvent], { ...ofMember, prefixes: ["quay"] }],
    ["two rules", [cloudTrailEvent, pullThroughEvent], { ...ofMember, prefixes: ["quay", "docker-hub"] }],
    ["a rule and its registry", [cloudTrailEvent, registryPolicyEvent], { ...ofMember, prefixes: null }],
    ["a secret", [secretEvent], { ...ofMember, prefixes: null }],
    ["a secret and a rule", [secretEvent, cloudTrailEvent], { ...ofMember, prefixes: ["quay"] }],
    [
      "registries of two accounts and regions, and not the other two",
      [cloudTrailEvent, elsewhere],
      {
        accounts: [MEMBER, HUB],
        regions: [REGION, "us-east-1"],
        registries: [`${MEMBER}/${REGION}`, `${HUB}/us-east-1`],
        prefixes: ["quay"],
      },
    ],
    [
      "two registries as a whole",
      [registryPolicyEvent, inHub],
      {
        accounts: [MEMBER, HUB],
        regions: [REGION],
        registries: [`${MEMBER}/${REGION}`, `${HUB}/${REGION}`],
        prefixes: null,
      },
    ],
  ])("ask for one audit of %s", (_what, events, request) => {
    expect(merged(...events)).toMatchObject({
      invocation: { request: { trigger: "event", ...request }, dryRun: false, notify: null },
      refused: [],
      skipped: [],
    });
  });

  it("keep every change", () => {
    const { invocation } = merged(cloudTrailEvent, pullThroughEvent, registryPolicyEvent);
    expect(invocation?.changes.map(({ thing }) => thing)).toEqual(["rule", "registry-policy"]);
  });

  it("ask for everything if one of them does", () => {
    const everything = { trigger: "schedule", accounts: null, regions: null, prefixes: null };
    expect(merged(cloudTrailEvent, schedulerEvent).invocation?.request).toEqual(everything);
  });

  it("ask for nothing if every call failed", () => {
    const failed = { ...cloudTrailEvent, detail: { ...cloudTrailEvent.detail, errorCode: "AccessDenied" } };
    const skipped = ["UpdatePullThroughCacheRule failed with AccessDenied and changed nothing."];
    expect(merged(failed)).toEqual({ invocation: null, refused: [], skipped });
    expect(merged(failed, cloudTrailEvent)).toMatchObject({ invocation: merged(cloudTrailEvent).invocation });
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "{", "is not JSON"],
    ["nested without end", "[".repeat(100_000), "nested"],
    ["a request of a user", { accounts: [MEMBER] }, "$.source"],
    ["another event", { ...cloudTrailEvent, "detail-type": "EC2 Instance State-change Notification" }, "EC2"],
    [
      "a call of another service",
      callEvent("PutRegistryPolicy", {}, "secretsmanager"),
      "$.detail.eventSource",
    ],
    ["a rule without a name", callEvent("DeletePullThroughCacheRule", {}), "ecrRepositoryPrefix"],
    ["an account that is none", { ...cloudTrailEvent, account: "root" }, "$.account"],
  ])("are taken without %s, which is refused by its own name", (_what, body, problem) => {
    const { invocation, refused } = merged(cloudTrailEvent, body, registryPolicyEvent);
    expect(invocation).toEqual(merged(cloudTrailEvent, registryPolicyEvent).invocation);
    expect(refused).toMatchObject([{ messageId: "message-1" }]);
    expect(refused[0]?.problem).toContain(problem);
    expect(merged(body).invocation).toBeNull();
  });

  it("ask for the same in any order and however often each comes", () => {
    const events = fc.constantFrom(
      cloudTrailEvent,
      pullThroughEvent,
      registryPolicyEvent,
      secretEvent,
      inHub,
      elsewhere,
    );
    const sorted = (lists: readonly unknown[]) => {
      const { request } = merged(...lists).invocation ?? { request: null };
      return Object.entries(request ?? {}).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.toSorted() : value,
      ]);
    };
    fc.assert(
      fc.property(
        fc.array(events, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (list, order) => {
          const weights = new Map(list.map((event, index) => [index, [order.next().value, event] as const]));
          const shuffled = [...weights.values()].toSorted(([a], [b]) => a - b).map(([, event]) => event);
          expect(sorted([...shuffled, ...list])).toEqual(sorted(list));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("what is no batch of a queue", () => {
  it.each([
    [undefined],
    [{}],
    [{ Records: [] }],
    [{ Records: [{ eventSource: "aws:s3", messageId: "1", body: "{}" }] }],
    [{ Records: [{ eventSource: "aws:sqs", body: "{}" }] }],
    [cloudTrailEvent],
  ])("is not taken for one: %j", (event) => {
    expect(messagesIn(event)).toBeNull();
  });
});
