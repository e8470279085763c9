import type { Clock, Sources } from "../ports.ts";

/** The time budget of an audit. All times are in milliseconds. */
export type TimeBudget = {
  /** Whether the time is unlimited. */
  readonly isEndless: boolean;
  /** Counts another registry. The more there are, the longer it takes to evaluate, deliver and persist them. */
  readonly plan: () => void;
  /** Whether another registry can be started and, according to the measurements, finished. Once false, it stays false. */
  readonly mayBegin: () => boolean;
  /** Starts to measure a registry. Call the returned function when the registry is done. */
  readonly begin: () => () => void;
  /** The time left for reading registries. */
  readonly leftForReading: () => number;
};

/** The input of a time budget. */
export type TimeFrame = {
  /** The time left until the process ends. */
  readonly timeLeft: () => number;
  readonly now: () => number;
  /** The delay before failed rules of a registry are validated again. */
  readonly confirmAfterMs: number;
};

/**
 * The time reserved to evaluate the fleet, compare, deliver and persist. It grows with the fleet, and is at most half of
 * the total, so that some registries are read in any case. `npm run bench -- concluding` needs 0.2 of the 5 ms for each
 * registry; the rest is for slower processors and for calls.
 */
const reserve = { atLeastMs: 20_000, eachRegistryMs: 5, atMostShare: 0.5 } as const;
/** The estimate for a registry before any was measured, and the minimum of the estimate. */
const leastForRegistryMs = 3_000;
/** Limits the estimate: one very slow registry must not keep all others from starting. */
const mostForRegistryShare = 0.25;

type Estimate = { readonly mean: number; readonly deviation: number };

/**
 * Opens the time budget of an audit. It estimates the time for a registry as TCP estimates a round trip (RFC 6298):
 * the smoothed mean plus four times the smoothed deviation.
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
      const left = leftForReading();
      isOver ||= left <= 0 || left < neededForRegistry();
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
 * Stops reading when its time is over, so that there is time to evaluate, deliver and persist what was read.
 *
 * @returns a function that ends the watch; call it when everything is read
 */
export function watch(time: TimeBudget, sources: Pick<Sources, "stop">, clock: Clock): () => Promise<void> {
  return whenOver(time.leftForReading, clock, sources.stop);
}

/**
 * Calls `onOver` once when no time is left, or immediately if there was none from the start.
 *
 * @param left the time left, in milliseconds; infinite if there is no limit
 * @returns a function that ends the watch
 */
export function whenOver(left: () => number, clock: Clock, onOver: () => void): () => Promise<void> {
  const done = new AbortController();
  const watching = async (): Promise<void> => {
    for (let rest = left(); !done.signal.aborted && rest !== Number.POSITIVE_INFINITY; rest = left()) {
      if (rest <= 0) {
        onOver();
        return;
      }
      // Checked every second, because each new registry reduces the time left for reading.
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
 * The time reserved to compare again and write the state: an allowance that grows with the findings in the state, or
 * twice the time that rendering and storing the report took, because the report is larger and goes to the same store.
 * At most half of what is left, so that there is time for deliveries in any case.
 */
const persistReserve = { atLeastMs: 5_000, eachFindingMs: 0.2, timesKeeping: 2, atMostShare: 0.5 } as const;
/** A store that does not answer must not keep alerts from being delivered. */
const mostForKeepingShare = 0.5;

/** The time budget for storing the report, delivering it and persisting the state. */
export type FinalizeBudget = {
  /** The time left for storing the report. */
  readonly leftForKeeping: () => number;
  /**
   * Divides the rest of the time, once storing the report succeeded or failed.
   *
   * @param findings how many findings are in the state
   * @returns the time left for deliveries
   */
  readonly beginDelivery: (findings: number) => () => number;
};

/** Opens the time budget for the end of an audit. All times are in milliseconds. */
export function openFinalizeBudget({ timeLeft, now }: Omit<TimeFrame, "confirmAfterMs">): FinalizeBudget {
  const whole = timeLeft();
  // Without any time left, the report is stored without a limit: there is nothing to lose.
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
