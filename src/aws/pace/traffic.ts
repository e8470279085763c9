import { setMaxListeners } from "node:events";
import type { ECRClientConfig } from "@aws-sdk/client-ecr";
import type { CallCount, Clock } from "../../audit/ports.ts";
import { OutOfTimeError } from "../errors.ts";
import { type Lane, openLane } from "./lane.ts";
import { openSlots, type Release } from "./slots.ts";

/** How an SDK client waits before calls and repeats those that failed. */
export type CallStrategy = Extract<
  NonNullable<ECRClientConfig["retryStrategy"]>,
  { recordSuccess: (...parameters: never[]) => void }
>;
type Token = Awaited<ReturnType<CallStrategy["acquireInitialRetryToken"]>>;
type Failure = Parameters<CallStrategy["refreshRetryTokenForRetry"]>[1];

/** How calls are paced. */
export type Pacing = {
  /** Calls under way at once, over all registries. */
  readonly concurrency: number;
  /** How long a call is repeated while AWS throttles it and all others like it, in milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
  /** A number from 0 up to but not including 1: how much of the longest pause is waited. */
  readonly random: () => number;
};

/** All calls of one audit's reading. */
export type Traffic = {
  /** A lane for one operation of one registry. */
  readonly openLane: () => Lane;
  /** Lets a client's calls go through the lane of the moment. */
  readonly strategyOf: (lane: () => Lane) => CallStrategy;
  /** Waits until a call could be sent at once: it is of no use to begin a registry before. */
  readonly room: () => Promise<void>;
  readonly calls: () => CallCount;
  /** Aborts when calls are given up: those under way, those that wait, and those to come. */
  readonly signal: AbortSignal;
  readonly stop: () => void;
};

/** How often a call is sent that AWS fails to answer. */
const mostAttempts = 4;
/** How long at most is waited before a call is sent for the second time; twice that before the third, and so on. */
const firstPauseMs = 200;

/**
 * Paces calls: at most so many at once, each operation of each registry at the rate that AWS allows it. What
 * waits, for its turn or before it is repeated, does not count as under way.
 */
export function openTraffic({ concurrency, patienceMs, clock, random }: Pacing): Traffic {
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  const slots = openSlots(concurrency, signal);
  const now = (): number => clock.now().getTime();
  const calls = { sent: 0, throttled: 0 };

  /** Waits for the call's turn and for a slot. */
  const send = async (call: Call): Promise<Call> => {
    await call.lane.turn();
    const release = await slots.take();
    if (signal.aborted) {
      release();
      throw new OutOfTimeError();
    }
    call.underWay(release, now());
    calls.sent += 1;
    return call;
  };

  /** Whether a call that failed is worth another attempt, which it then waits for. */
  const mayRepeat = async (call: Call, { errorType }: Failure): Promise<boolean> => {
    if (signal.aborted) return false;
    switch (errorType) {
      case "THROTTLING":
        calls.throttled += 1;
        call.lane.throttled(now(), call.sentAt);
        return !call.isHopeless(now(), patienceMs);
      case "TRANSIENT":
      case "SERVER_ERROR":
        if (call.attempts >= mostAttempts) return false;
        await clock.sleep(random() * firstPauseMs * 2 ** (call.attempts - 1), signal);
        return true;
      default:
        call.lane.answered(now());
        return false;
    }
  };

  return {
    openLane: () => openLane(clock, signal),
    strategyOf: (lane) => ({
      acquireInitialRetryToken: () => send(new Call(lane())),
      refreshRetryTokenForRetry: async (token, failure) => {
        const call = callOf(token);
        call.end();
        if (!(await mayRepeat(call, failure))) throw failure.error;
        return send(call);
      },
      recordSuccess: (token) => {
        const call = callOf(token);
        call.end();
        call.lane.answered(now());
      },
    }),
    room: slots.room,
    calls: () => ({ ...calls }),
    signal,
    stop: () => stopping.abort(),
  };
}

/** One call on its way, through all its attempts: what the SDK keeps as its token. */
class Call implements Token {
  readonly lane: Lane;
  attempts = 0;
  sentAt = 0;
  #troubledSince: number | null = null;
  #release: Release = () => undefined;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  underWay(release: Release, at: number): void {
    this.#release = release;
    this.sentAt = at;
  }

  end(): void {
    this.attempts += 1;
    this.#release();
  }

  /** Whether nothing was answered in this call's lane for so long, while it was throttled. */
  isHopeless(now: number, patienceMs: number): boolean {
    this.#troubledSince ??= now;
    return now - Math.max(this.#troubledSince, this.lane.lastAnswerAt()) >= patienceMs;
  }

  getRetryCount(): number {
    return this.attempts;
  }

  /** The wait is over when the SDK gets the token. */
  getRetryDelay(): number {
    return 0;
  }
}

function callOf(token: Token): Call {
  if (token instanceof Call) return token;
  throw new Error("the SDK handed back a token that is none of this client's");
}
