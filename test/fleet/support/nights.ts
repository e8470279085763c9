import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished, vi } from "vitest";
import { handler as audit } from "../../../functions/audit.ts";
import { handler as collect } from "../../../functions/collect.ts";
import { handler as conclude } from "../../../functions/conclude.ts";
import { handler as plan } from "../../../functions/plan.ts";
import { compareValues } from "../../../src/core/order.ts";
import { systemClock } from "../../../src/local/clock.ts";
import { makePolicyFolder } from "../../e2e/support/policy-folder.ts";
import { context } from "../../functions/context.ts";
import { captureLog } from "../../functions/stdout.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import type { Region, World } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { type Ended, execute, type Invoke } from "./execution.ts";

export const BUCKET = "audits";
const TOPIC = "pull-through-audit";
const BUS = "pull-through-auditor";

/** What one night brings: how the world turns before it, and what is asked then. */
export type Night = { readonly turn?: (world: World) => void; readonly event?: unknown };

/** Where nights are played. */
export type Scene = {
  readonly world: World;
  readonly policy?: Partial<PolicyFile>;
  /** A policy file that stands for `policy`. */
  readonly policyFile?: string;
};

/** A simulated AWS in which audits are carried out, with this process's environment turned to it until the test ends. */
export type Play = {
  readonly simulator: Simulator;
  /** Lets a night pass. Unless told so, the auditor's time stands still but for what it waits. */
  readonly nextNight: () => void;
  /** Lets a minute pass. */
  readonly nextMinute: () => void;
  /** One audit by the one function. */
  readonly single: (event?: unknown) => Promise<unknown>;
  /** One audit by the fleet, in batches of two registries. */
  readonly fleet: (event?: unknown, invoke?: Invoke, batchSize?: number) => Promise<Ended>;
};

/** Invokes the handlers that are deployed, in this process. */
export const invokeHandler: Invoke = (name, payload) => {
  const handlers = { plan, collect, conclude } as const;
  return handlers[name](JSON.parse(JSON.stringify(payload)), context);
};

/** Sets a scene. */
export async function play({ world, policy, policyFile }: Scene): Promise<Play> {
  const files = await makePolicyFolder(policy);
  const simulator = await startSimulator(furnished(world));
  const { accountId, region } = world.hub;
  const variables = {
    ...simulator.env,
    AUDIT_POLICY: policyFile ?? files.policyFile,
    AUDIT_STORE: `s3://${BUCKET}/nightly`,
    AUDIT_TOPIC_ARN: `arn:${world.partition}:sns:${region}:${accountId}:${TOPIC}`,
    AUDIT_EVENT_BUS: BUS,
    AUDIT_SECURITY_HUB: "true",
    AUDIT_CONFIRM_AFTER_SECONDS: "0",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  // The SDK draws its pauses between attempts at random, up to seconds: here it always draws none.
  const random = vi.spyOn(Math, "random").mockReturnValue(0);
  captureLog();
  let time = Date.UTC(2026, 10, 20, 2);
  const pass = (milliseconds: number) => () => {
    time += milliseconds;
  };
  const nextNight = pass(86_400_000);
  const clock = [
    vi.spyOn(systemClock, "now").mockImplementation(() => new Date(time)),
    // What watches the deadline looks at it every second, and has to wait for that.
    vi.spyOn(systemClock, "sleep").mockImplementation(async (milliseconds, signal) => {
      const wait = milliseconds === 1_000 ? milliseconds : Math.min(milliseconds, 5);
      const options = signal === undefined ? {} : { signal };
      // Those who sleep at the same time sleep through the same time.
      const due = time + milliseconds;
      const wake = () => {
        time = Math.max(time, due);
      };
      await sleep(wait, undefined, options).then(wake, () => undefined);
    }),
  ];
  nextNight();
  onTestFinished(async () => {
    random.mockRestore();
    for (const part of clock) part.mockRestore();
    vi.unstubAllEnvs();
    await simulator.close();
    await files[Symbol.asyncDispose]();
  });
  return {
    simulator,
    nextNight,
    nextMinute: pass(60_000),
    single: async (event = {}) => audit(event, context),
    fleet: (event = {}, invoke = invokeHandler, batchSize = 2) => execute(event, invoke, batchSize),
  };
}

/** The world with all that a hub needs: those who are told, and a bucket. */
function furnished(world: World): World {
  const region = hubRegion(world);
  if (!region.topics.some(({ name }) => name === TOPIC)) region.topics.push({ name: TOPIC, publishers: [] });
  if (!region.eventBuses.includes(BUS)) region.eventBuses.push(BUS);
  region.buckets.push(BUCKET);
  region.securityHub = true;
  return world;
}

function hubRegion({ accounts, hub }: World): Region {
  const region = accounts[hub.accountId]?.regions[hub.region];
  if (region === undefined) throw new Error("the hub has nothing in its region");
  return region;
}

/** All that an audit leaves behind: what it kept, and what it told. What the functions hand each other is not of it. */
export function leftBehind({ objects, published, events, securityHubFindings }: Simulator) {
  const kept = [...(objects.get(BUCKET) ?? [])]
    .filter(([key]) => !key.startsWith("nightly/fleet/"))
    .map(([key, { bytes }]): [string, string] => [key, bytes.toString()]);
  const digests = published.map(({ topicArn, subject, messages }) => ({ topicArn, subject, messages }));
  return {
    kept: Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    // Topics are published to side by side: their order is chance, the order within a topic is not.
    digests: digests.toSorted((a, b) => compareValues(a.topicArn, b.topicArn)),
    events: events.map(({ detailType, detail, resources }) => ({ detailType, detail, resources })),
    securityHubFindings,
  };
}

/** A moment of the nights that are played here. */
const moment = /(2026-11-2\d[T ]02:)\d\d(?::\d\d\.\d{3}Z| UTC)/g;
/** What the page says of how long an audit took. */
const duration = /, took [^,]+,/g;
/** The SHA-256 of a stored file, which holds times and ids. */
const fileDigest = /(?<!sha256:)\b[0-9a-f]{64}\b/g;
const auditId = /\b(\d{8}T\d{6}Z)-[0-9a-f]{8}\b/g;

/** What was left behind, as text in which an audit's id is told by its time alone, and a time by its night. */
export function withoutChance(left: unknown): string {
  return JSON.stringify(left, null, 1)
    .replaceAll(auditId, "$1")
    .replaceAll(moment, "$1…")
    .replaceAll(duration, ",")
    .replaceAll(fileDigest, "…");
}

/** Plays the same nights by one function and by the fleet, and gives what each left behind. */
export async function playTwice(
  scene: () => Scene,
  nights: readonly Night[],
): Promise<{ readonly single: string; readonly fleet: string }> {
  const playBy = async (way: "single" | "fleet") => {
    const staged = await play(scene());
    for (const { turn, event } of nights) {
      turn?.(staged.simulator.world);
      const ended = await staged[way](event);
      if (way === "fleet" && Object(ended).end !== "succeeded") throw new Error(JSON.stringify(ended));
      staged.nextNight();
    }
    return withoutChance(leftBehind(staged.simulator));
  };
  return { single: await playBy("single"), fleet: await playBy("fleet") };
}
