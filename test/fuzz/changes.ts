import { mergeEvents } from "../../functions/shared/merged-events.ts";
import type { QueuedMessage } from "../../functions/shared/queue-batch.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";
import type { Drift, Report } from "../../src/schemas/report.ts";
import type { Fault } from "../simulator/faults.ts";
import type { RecordedCall } from "../simulator/ledger.ts";
import type { Region, TrailRecord, World } from "../simulator/world.ts";
import type { Dice } from "./dice.ts";
import { callsAsking } from "./oracle/ledger.ts";
import type { KnownChange } from "./oracle/model.ts";
import { plainPolicies } from "./worlds.ts";

/** Who tells the auditor of a change: events in a batch of a queue, CloudTrail at night, or nobody. */
type ToldBy = "events" | "night" | "nobody";

/** A change between two audits. */
export type WorldChange = {
  readonly toldBy: ToldBy;
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
  /** Whether the registry policy is opened as well. */
  readonly opensPolicy: boolean;
  readonly isAllowed: boolean;
  /** Changes the world, and records the call. */
  readonly make: () => void;
  /** The messages that tell it, among others that are forged or broken. */
  readonly messages: () => readonly QueuedMessage[];
  /** What the calls to CloudTrail suffer. */
  readonly faults: readonly Fault[];
};

/** The principals that a policy of the fuzz allows. */
export const ALLOWED = "arn:aws:iam::*:role/pipelines/*";

/** Texts that whoever makes a call can choose. */
const principals = [
  "arn:aws:iam::444455556666:role/pipelines/deploy",
  "arn:aws:iam::444455556666:user/=cmd|' /C calc'!A1",
  "\u202e<script>alert(1)</script>\u0000`rm -rf`",
  "a".repeat(5_000),
] as const;

const troubles = [
  [],
  [],
  [{ on: { service: "cloudtrail" }, effect: { kind: "empty-page" }, times: 2 }],
  [{ on: { service: "cloudtrail" }, effect: { kind: "internal-failure", status: 503 }, times: 2 }],
  [{ on: { service: "cloudtrail" }, effect: { kind: "throttle" }, times: 1 }],
  [{ on: { service: "cloudtrail" }, effect: { kind: "spoil", as: "html" } }],
  [{ on: { service: "cloudtrail" }, effect: { kind: "deny", by: "missing-permission" } }],
  [{ on: { service: "cloudtrail" }, effect: { kind: "deny", by: "service-control-policy" } }],
  [{ on: { service: "cloudtrail" }, effect: { kind: "page", shape: "fresh-tokens" } }],
] as const satisfies readonly (readonly Fault[])[];

/** In some scenarios a rule is added or removed between two audits, and a registry policy is opened. */
export function randomChange(world: World, dice: Dice): WorldChange | null {
  const places = Object.entries(world.accounts).flatMap(([account, { regions }]) =>
    Object.entries(regions).map(([region, registry]) => ({ account, region, registry })),
  );
  const [first, ...others] = places.filter(({ registry }) => registry.rules.length < 40);
  if (first === undefined || !dice.chance(0.15)) return null;
  const { account, region, registry } = dice.pick([first, ...others]);
  const [rule] = registry.rules;
  const isRemoved = rule !== undefined && dice.chance(0.5);
  const prefix = isRemoved ? rule.ecrRepositoryPrefix : "new-team";
  const eventName = isRemoved ? "DeletePullThroughCacheRule" : "CreatePullThroughCacheRule";
  const arn = dice.pick(principals);
  const toldBy = dice.pick(["events", "night", "night", "nobody"]);
  const opensPolicy = dice.chance(0.3);
  const noise = dice.between(0, 60);
  const records = (): readonly TrailRecord[] => [
    recordOf({ region, eventName, prefix, arn }),
    ...(opensPolicy ? [recordOf({ region, eventName: "PutRegistryPolicy", prefix, arn })] : []),
  ];
  const told = records();
  return {
    toldBy,
    account,
    region,
    prefix,
    opensPolicy,
    isAllowed: arn === principals[0],
    faults: dice.pick(troubles),
    make: () => {
      change(registry, isRemoved ? null : rule, prefix);
      if (opensPolicy) registry.registryPolicy = plainPolicies.everybody;
      registry.trail = [
        ...othersOf(told, noise).map(justNow),
        ...(toldBy === "nobody" ? [] : told.map(justNow)),
      ];
    },
    messages: () => [
      { messageId: "broken", body: "{" },
      ...[{ ...eventOf(account, told[0]), account: "everybody" }, { accounts: [account] }].map(
        (body, index) => ({ messageId: `forged-${index}`, body: JSON.stringify(body) }),
      ),
      ...[...told, ...told].map((record, index) => ({
        messageId: `event-${index}`,
        body: JSON.stringify(eventOf(account, justNow(record))),
      })),
    ],
  };
}

function change(registry: Region, like: Region["rules"][number] | null | undefined, prefix: string): void {
  registry.rules = registry.rules.filter(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix !== prefix);
  if (like === null) return;
  const made = {
    upstreamRegistryUrl: "quay.io",
    createdAt: "2026-09-09T09:09:09.000Z",
    updatedAt: "2026-09-09T09:09:09.000Z",
  };
  registry.rules.push({ ...made, ...like, ecrRepositoryPrefix: prefix });
}

function recordOf({
  region,
  eventName,
  prefix,
  arn,
}: Readonly<Record<"region" | "eventName" | "prefix" | "arn", string>>): TrailRecord {
  return {
    eventVersion: "1.11",
    userIdentity: { type: "IAMUser", arn, accountId: "444455556666" },
    eventSource: "ecr.amazonaws.com",
    eventName,
    awsRegion: region,
    sourceIPAddress: "203.0.113.7\u0007",
    requestParameters: { ecrRepositoryPrefix: prefix },
    eventID: `the-${eventName}`,
  };
}

/** Calls that did not make the change: failed, of another thing, long ago, or not as documented. */
function othersOf([record = {}]: readonly TrailRecord[], noise: number): readonly TrailRecord[] {
  return [
    { ...record, eventID: "failed", errorCode: "AccessDenied" },
    { ...record, eventID: "elsewhere", awsRegion: "sa-east-1" },
    { ...record, eventID: "long-ago", eventTime: "2020-01-01T00:00:00Z" },
    { ...record, eventID: { toString: "none" }, userIdentity: "root" },
    { ...record, requestParameters: ["\u202e"] },
    ...Array.from({ length: noise }, (_nothing, index) => ({
      ...record,
      eventID: `other-${index}`,
      requestParameters: { ecrRepositoryPrefix: `other-${index}` },
    })),
  ];
}

function justNow(record: TrailRecord): TrailRecord {
  return { eventTime: `${new Date().toISOString().slice(0, 19)}Z`, ...record };
}

function eventOf(account: string, record: TrailRecord | undefined) {
  return {
    source: "aws.ecr",
    "detail-type": "AWS API Call via CloudTrail",
    account,
    region: record?.["awsRegion"],
    detail: record,
  };
}

/** What the batch of a change asks for, and what is wrong with how it was merged. */
export function batchOf(told: WorldChange): {
  readonly request: NonNullable<ReturnType<typeof mergeEvents>["invocation"]>["request"] | null;
  readonly changes: readonly ObservedChange[];
  readonly problems: readonly string[];
} {
  const { invocation, refused } = mergeEvents(told.messages());
  const names = refused.map(({ messageId }) => messageId).join();
  const expected = "broken,forged-0,forged-1";
  return {
    request: invocation?.request ?? null,
    changes: invocation?.changes ?? [],
    problems: names === expected ? [] : [`refused were ${names} instead of ${expected}`],
  };
}

/** An audit that is to tell a change: its report, and the calls that it made. */
type Telling = { readonly report: Report; readonly calls: readonly RecordedCall[] };

/** Who the drift of a change must be by, worked out from the world and from CloudTrail's answers alone. */
export function attributionProblems(made: WorldChange, { report, calls }: Telling): readonly string[] {
  const { account, region, prefix, toldBy } = made;
  const isIts = (drift: Drift) =>
    drift.account === account && drift.region === region && drift.prefix === prefix;
  const asked = callsAsking(calls, { service: "cloudtrail", operation: "LookupEvents", account, region });
  const isRefused = report.lookupFailures.some((one) => one.account === account && one.region === region);
  const isTrailEndless = made.faults.some(({ effect }) => effect.kind === "page");
  return report.drift.filter(isIts).flatMap(({ change, changedBy }) => {
    const eventId = changedBy?.eventId ?? "nobody";
    const it = change === "removed" ? "the-DeletePullThroughCacheRule" : "the-CreatePullThroughCacheRule";
    const mustBe = toldBy === "nobody" ? "nobody" : it;
    const mayBeNobody = isRefused || isTrailEndless;
    const isTold = eventId === mustBe || (mayBeNobody && eventId === "nobody");
    const isAsked = toldBy === "events" || asked.length > 0 || isRefused;
    return [
      ...(isTold ? [] : [`the drift of ${prefix} is by ${eventId} instead of ${mustBe}`]),
      ...(isAsked ? [] : [`CloudTrail was not asked about ${prefix}`]),
    ];
  });
}

/** The changes that a batch of events told. */
export function toldIn({
  account,
  region,
  prefix,
  opensPolicy,
  isAllowed,
}: WorldChange): readonly KnownChange[] {
  const ofRule = { account, region, prefix, isAllowed };
  return opensPolicy ? [ofRule, { ...ofRule, prefix: null }] : [ofRule];
}

/** The changes whose author an audit of the night names. That it names the right one, {@link attributionProblems} tells. */
export function namedIn({ drift, findings }: Report, made: WorldChange): readonly KnownChange[] {
  const [ofRule, ofPolicy = null] = toldIn({ ...made, opensPolicy: true });
  const ids = [...drift, ...findings].flatMap(({ changedBy }) => changedBy?.eventId ?? []);
  const isNamed = (text: string) => ids.some((id) => id.includes(text));
  return [
    ...(ofRule !== undefined && isNamed("PullThroughCacheRule") ? [ofRule] : []),
    ...(ofPolicy !== null && isNamed("PutRegistryPolicy") ? [ofPolicy] : []),
  ];
}
