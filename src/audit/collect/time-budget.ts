import type { Clock, Sources } from "../ports.ts";

/** How an audit's time is laid out. All times are in milliseconds. */
export type TimeBudget = {
  /** Whether there is no end to it. */
  readonly isEndless: boolean;
  /** Another registry is known. The more there are, the longer it takes to judge, tell and remember them. */
  readonly plan: () => void;
  /** Whether another registry can be begun and, by all that was measured, finished. Once no, it stays no. */
  readonly mayBegin: () => boolean;
  /** Begins a registry. Call what it returns when that is done. */
  readonly begin: () => () => void;
  /** How long registries may still be read. */
  readonly leftForReading: () => number;
};

/** What an audit's time is laid out by. */
export type TimeFrame = {
  /** How long the audit may still take, until its process is ended. */
  readonly timeLeft: () => number;
  readonly now: () => number;
  /** How long a registry takes at least whose rules must be validated once more. */
  readonly confirmAfterMs: number;
};

/**
 * What judging the fleet, comparing, telling and remembering may take: an allowance that grows with the fleet, and in
 * a short time is half of it at most, so that something is read in any case. Of the 5 ms a registry,
 * `npm run bench -- concluding` takes 0.2; the rest is for a slower processor, and for calls.
 */
const reserve = { atLeastMs: 20_000, eachRegistryMs: 5, atMostShare: 0.5 } as const;
/** How long a registry is taken to need before any was measured, and at least. */
const leastForRegistryMs = 3_000;
/** One very slow registry must not keep all others from being begun. */
const mostForRegistryShare = 0.25;

type Estimate = { readonly mean: number; readonly deviation: number };

/**
 * Lays out an audit's time. How long a registry takes is estimated as TCP estimates a round trip (RFC 6298): the
 * smoothed mean and four times the smoothed deviation.
 */
export function openTimeBudget({ timeLeft, now, confirmAfterMs }: TimeFrame): TimeBudget {
  const whole = timeLeft();
  let planned = 0;
  let isOver = false;
  let estimate: Estimate | null = null;

  const leftForReading = (): number => {
    const needed = reserve.atLeastMs + planned * reserve.eachRegistryMs;
    return timeLeft() - Math.min(needed, whole * reserve.atMostShare);
  };
  const neededForRegistry = (): number => {
    const { mean, deviation } = estimate ?? { mean: 0, deviation: 0 };
    const likely = Math.max(mean + 4 * deviation, leastForRegistryMs + confirmAfterMs);
    return Math.min(likely, whole * mostForRegistryShare);
  };
  return {
    isEndless: whole === Number.POSITIVE_INFINITY,
    plan: () => {
      planned += 1;
    },
    mayBegin: () => {
      isOver ||= leftForReading() < neededForRegistry();
      return !isOver;
    },
    begin: () => {
      const begunAt = now();
      return () => {
        const took = now() - begunAt;
        estimate = estimate === null ? { mean: took, deviation: took / 2 } : smoothed(estimate, took);
      };
    },
    leftForReading,
  };
}

function smoothed({ mean, deviation }: Estimate, took: number): Estimate {
  return {
    mean: mean + (took - mean) / 8,
    deviation: deviation + (Math.abs(took - mean) - deviation) / 4,
  };
}

/**
 * Stops the reading when its time is over, so that what was read is judged, told and remembered.
 *
 * @returns ends the watch; call it when everything is read
 */
export function watch(time: TimeBudget, sources: Pick<Sources, "stop">, clock: Clock): () => Promise<void> {
  return whenOver(time.leftForReading, clock, sources.stop);
}

/**
 * Calls `onOver` once when no time is left, at once if there was none to begin with.
 *
 * @param left how much time is left, in milliseconds; infinite where there is no end to it
 * @returns ends the watch
 */
export function whenOver(left: () => number, clock: Clock, onOver: () => void): () => Promise<void> {
  const done = new AbortController();
  const watching = async (): Promise<void> => {
    for (let rest = left(); !done.signal.aborted && rest !== Number.POSITIVE_INFINITY; rest = left()) {
      if (rest <= 0) {
        onOver();
        return;
      }
      // It may end sooner than it said: with every registry that becomes known, time for reading grows shorter.
      await clock.sleep(Math.min(rest, 1_000), done.signal);
    }
  };
  const watched = watching();
  return () => {
    done.abort();
    return watched;
  };
}

/**
 * What comparing once more and writing the state may take: an allowance that grows with the findings that are
 * remembered, or twice what it took to render and keep the report, which is larger and goes to the same place; and in
 * a short time half of it at most, so that everybody is told of something.
 */
const persistReserve = { atLeastMs: 5_000, eachFindingMs: 0.2, timesKeeping: 2, atMostShare: 0.5 } as const;
/** A store that is silent while the report is kept must not keep people from being told. */
const mostForKeepingShare = 0.5;

/** The end of an audit: what is left once everything was read and judged. */
export type FinalizeBudget = {
  /** How long the report may still be kept. */
  readonly leftForKeeping: () => number;
  /**
   * The report is kept, or will not be: lays out the rest.
   *
   * @param findings how many are remembered
   * @returns how long outlets may still be told
   */
  readonly beginDelivery: (findings: number) => () => number;
};

/** Lays out the end of an audit. All times are in milliseconds. */
export function openFinalizeBudget({ timeLeft, now }: Omit<TimeFrame, "confirmAfterMs">): FinalizeBudget {
  const whole = timeLeft();
  // Who has no time left tries to keep the report all the same: there is nothing to lose by it.
  const isUntimed = whole === Number.POSITIVE_INFINITY || whole <= 0;
  const begunAt = now();
  return {
    leftForKeeping: () =>
      isUntimed ? Number.POSITIVE_INFINITY : timeLeft() - (1 - mostForKeepingShare) * whole,
    beginDelivery: (findings) => {
      const { atLeastMs, eachFindingMs, timesKeeping, atMostShare } = persistReserve;
      const needed = Math.max(atLeastMs + findings * eachFindingMs, timesKeeping * (now() - begunAt));
      const kept = Math.min(needed, timeLeft() * atMostShare);
      return () => timeLeft() - kept;
    },
  };
}
