import type { Clock, Sources } from "./ports.ts";

/** How an audit's time is laid out. All times are in milliseconds. */
export type Timetable = {
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
export function openTimetable({ timeLeft, now, confirmAfterMs }: TimeFrame): Timetable {
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
export function watch(time: Timetable, sources: Pick<Sources, "stop">, clock: Clock): () => Promise<void> {
  const done = new AbortController();
  const watching = async (): Promise<void> => {
    for (let left = time.leftForReading(); !done.signal.aborted; left = time.leftForReading()) {
      if (left <= 0) {
        sources.stop();
        return;
      }
      // The more registries become known, the sooner it ends.
      await clock.sleep(Math.min(left, 1_000), done.signal);
    }
  };
  const watched = time.isEndless ? Promise.resolve() : watching();
  return () => {
    done.abort();
    return watched;
  };
}
