import { setMaxListeners } from "node:events";
import type { ECRClientConfig } from "@aws-sdk/client-ecr";
import type { CallCount, Clock } from "../../audit/ports.ts";
import { OutOfTimeError } from "../errors.ts";
import { openGate, type Window } from "./gate.ts";
import { type Lane, type LaneLimits, openLane, type Siblings } from "./lane.ts";
import { noThrottling } from "./rate.ts";
import { openSlots, type Release } from "./slots.ts";

/** The retry strategy of an SDK client: waits before calls and retries failures. */
export type CallStrategy = Extract<
  NonNullable<ECRClientConfig["retryStrategy"]>,
  { recordSuccess: (...parameters: never[]) => void }
>;
type Token = Awaited<ReturnType<CallStrategy["acquireInitialRetryToken"]>>;
type Failure = Parameters<CallStrategy["refreshRetryTokenForRetry"]>[1];

/** Options for pacing calls. */
export type Pacing = {
  /** Concurrent calls, over all registries. */
  readonly concurrency: number;
  /** How long to retry a call while AWS throttles its whole lane, in milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
  /** A random number, at least 0 and less than 1: the fraction of the longest pause to wait. */
  readonly random: () => number;
};

/** Paces all read calls of one audit. */
export type Traffic = {
  /** Opens a lane for the calls of one quota. */
  readonly openLane: (limits?: LaneLimits) => Lane;
  /** What lanes share that AWS is likely to throttle together. */
  readonly siblings: (window: Window) => Siblings;
  /** The retry strategy that sends a client's calls through the current lane. */
  readonly strategyOf: (lane: () => Lane) => CallStrategy;
  /** Waits until a call could be sent at once. Starting a registry earlier has no benefit. */
  readonly room: () => Promise<void>;
  readonly calls: () => CallCount;
  /** Aborts when calls are given up: current, waiting and later ones. */
  readonly signal: AbortSignal;
  readonly stop: () => void;
};

/** The maximum number of attempts for a call that AWS fails to answer. */
const mostAttempts = 4;
/** The longest wait before the second attempt. It doubles before each further attempt. */
const firstPauseMs = 200;

/**
 * Paces calls: limits concurrent calls, and sends each operation of each registry at the rate that AWS allows. A call that
 * waits for its turn or before a retry does not count as concurrent.
 */
export function openTraffic({ concurrency, patienceMs, clock, random }: Pacing): Traffic {
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  const slots = openSlots(concurrency, signal);
  const now = (): number => clock.now().getTime();
  const calls = { sent: 0, throttled: 0 };

  /** Waits for the call's lane and for a slot. */
  const send = async (call: Call): Promise<Call> => {
    await call.lane.turn();
    const turnAt = now();
    const release = call.lane.needsSlot ? await slots.take() : () => undefined;
    if (signal.aborted) {
      release();
      call.lane.ended();
      throw new OutOfTimeError();
    }
    call.underWay(release, turnAt);
    calls.sent += 1;
    return call;
  };

  /** Decides whether to retry a failed call, and waits before the retry. */
  const mayRepeat = async (call: Call, { errorType }: Failure): Promise<boolean> => {
    if (signal.aborted) return false;
    switch (errorType) {
      case "THROTTLING":
        calls.throttled += 1;
        call.lane.throttled(now(), call.turnAt);
        return !call.isHopeless(now(), call.lane.patienceMs ?? patienceMs);
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
    openLane: (limits) => openLane(clock, signal, limits),
    siblings: (window) => ({
      gate: openGate(window, signal),
      likely: noThrottling(),
    }),
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

/** One call with all its attempts. The SDK keeps it as the retry token. */
class Call implements Token {
  readonly lane: Lane;
  attempts = 0;
  /** When its lane let it go. It may have waited for a slot since. */
  turnAt = 0;
  #troubledSince: number | null = null;
  #release: Release = () => undefined;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  underWay(release: Release, at: number): void {
    this.#release = release;
    this.turnAt = at;
  }

  end(): void {
    this.attempts += 1;
    this.#release();
    this.lane.ended();
  }

  /** Whether the lane of this call had no answer for the whole patience while it was throttled. */
  isHopeless(now: number, patienceMs: number): boolean {
    this.#troubledSince ??= now;
    return now - Math.max(this.#troubledSince, this.lane.lastAnswerAt()) >= patienceMs;
  }

  getRetryCount(): number {
    return this.attempts;
  }

  /** The SDK receives the token only after the wait. */
  getRetryDelay(): number {
    return 0;
  }
}

function callOf(token: Token): Call {
  if (token instanceof Call) return token;
  throw new Error("the SDK returned a token of another client");
}
