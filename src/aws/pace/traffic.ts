import { setMaxListeners } from "node:events";
import type { ECRClientConfig } from "@aws-sdk/client-ecr";
import { HttpRequest } from "@smithy/core/protocols";
import {
  INVOCATION_ID_HEADER,
  isServerError,
  isThrottlingError,
  isTransientError,
  REQUEST_HEADER,
} from "@smithy/core/retry";
import type { CallCount, Clock } from "../../audit/ports.ts";
import { newCallId } from "../../core/ids.ts";
import { OutOfTimeError } from "../errors.ts";
import { openGate, type Window } from "./gate.ts";
import { type Lane, type LaneLimits, openLane, type Siblings } from "./lane.ts";
import { noThrottling } from "./rate.ts";
import { openSlots, type Release, type Slots } from "./slots.ts";

/**
 * The retry strategy of an SDK client: waits before calls and retries failures. Of the two kinds that the SDK takes, this
 * one makes the attempts itself. Around the other, the SDK builds an `Error` with its stack for each call, which takes 6%
 * of the processor's time of an audit (`@smithy/core`, retryMiddleware, November 2026).
 */
export type CallStrategy = Extract<
  NonNullable<ECRClientConfig["retryStrategy"]>,
  { retry: (...parameters: never[]) => unknown }
>;

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
  /** See {@link Slots.room}. Starting a registry earlier has no benefit. */
  readonly room: Slots["room"];
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
  const begin = async (call: Call): Promise<void> => {
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
  };

  /** Decides whether to retry a failed call, and waits before the retry. */
  const mayRepeat = async (call: Call, error: Failure): Promise<boolean> => {
    if (signal.aborted) return false;
    if (isThrottlingError(error)) {
      calls.throttled += 1;
      call.lane.throttled(now(), call.turnAt);
      return !call.isHopeless(now(), call.lane.patienceMs ?? patienceMs);
    }
    if (isTransientError(error) || isServerError(error)) {
      if (call.attempts >= mostAttempts) return false;
      await clock.sleep(random() * firstPauseMs * 2 ** (call.attempts - 1), signal);
      return true;
    }
    call.lane.answered(now());
    return false;
  };

  const strategyOf = (lane: () => Lane): CallStrategy => ({
    retry: async (next, args) => {
      const call = new Call(lane());
      const headers = headersOf(args.request);
      headers[INVOCATION_ID_HEADER] = newCallId();
      for (;;) {
        headers[REQUEST_HEADER] = `attempt=${call.attempts + 1}; max=${mostAttempts}`;
        await begin(call);
        try {
          const answered = await next(args);
          call.end();
          call.lane.answered(now());
          return answered;
        } catch (error) {
          call.end();
          if (!isFailure(error) || !(await mayRepeat(call, error))) throw error;
        }
      }
    },
  });

  return {
    openLane: (limits) => openLane(clock, signal, limits),
    siblings: (window) => ({
      gate: openGate(window, signal),
      likely: noThrottling(),
    }),
    strategyOf,
    room: slots.room,
    calls: () => ({ ...calls }),
    signal,
    stop: () => stopping.abort(),
  };
}

type Failure = Parameters<typeof isThrottlingError>[0];

/** The SDK classifies errors whose cause, if there is one, is an error. */
function isFailure(error: unknown): error is Failure {
  return error instanceof Error && (error.cause === undefined || error.cause instanceof Error);
}

/** The headers of a request, to be changed. */
function headersOf(request: unknown): Record<string, string> {
  return HttpRequest.isInstance(request) ? request.headers : {};
}

/** One call with all its attempts. */
class Call {
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
}
