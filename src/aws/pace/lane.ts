import type { Clock } from "../../audit/ports.ts";

/** The rate limit of one operation of one registry: unlimited until AWS throttles it. */
type Rate = {
  /** How long the next call must wait, in milliseconds. */
  readonly waitAt: (now: number) => number;
  readonly sent: (now: number) => void;
  /** AWS answered a call with anything except a throttling error. */
  readonly answered: (now: number) => void;
  /** AWS throttled a call that was sent at `sentAt`. */
  readonly throttled: (now: number, sentAt: number) => void;
};

/** The minimum rate assumed for the first throttled call, in calls per second. */
const firstRate = 20;
/** The lowest rate, in calls per second. */
const lowestRate = 0.5;
/** The factor for a rate at which no call was answered. */
const seekingFactor = 0.5;
/** The factor for a rate that was sustained for some time. */
const easingFactor = 0.85;
/** The time after a cut until the rate reaches its earlier value. It then grows faster and faster. */
const recoveryMs = 3_000;

/**
 * A rate that falls when AWS throttles and recovers later. It is cut to slightly less than the observed rate of answers,
 * stays near that value for some time, and then grows: the curve of CUBIC congestion control (RFC 9438), which the
 * SDK's adaptive retry mode also uses. Times are in milliseconds.
 *
 * @param most the highest rate, in calls per second, where it is known
 */
export function openRate(most = Number.POSITIVE_INFINITY): Rate {
  let perSecond = Number.POSITIVE_INFINITY;
  let ceiling = perSecond;
  let answers = 0;
  let firstSentAt: number | null = null;
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let cutAt = Number.NEGATIVE_INFINITY;

  const cut = (now: number): void => {
    if (perSecond === Number.POSITIVE_INFINITY) {
      // AWS allows a burst of less than a second. It must not count as the sustained rate of answers.
      const elapsed = Math.max(now - (firstSentAt ?? now), 1_000);
      ceiling = Math.max((answers * 1_000) / elapsed, firstRate);
      perSecond = ceiling * seekingFactor;
    } else if (answers === 0) {
      ceiling = perSecond;
      perSecond = Math.max(ceiling * seekingFactor, lowestRate);
    } else {
      ceiling = Math.min(perSecond, (answers * 1_000) / (now - cutAt));
      perSecond = Math.max(ceiling * easingFactor, lowestRate);
    }
  };

  return {
    waitAt: (now) => Math.max(0, lastSentAt + 1_000 / Math.min(perSecond, most) - now),
    sent: (now) => {
      firstSentAt ??= now;
      lastSentAt = now;
    },
    answered: (now) => {
      answers += 1;
      if (perSecond === Number.POSITIVE_INFINITY) return;
      const progress = (now - cutAt) / recoveryMs - 1;
      perSecond = Math.max(perSecond, ceiling * (1 + (1 - easingFactor) * progress ** 3));
    },
    throttled: (now, sentAt) => {
      // A call that was sent before the last cut does not measure the current rate.
      if (sentAt <= cutAt) return;
      cut(now);
      answers = 0;
      cutAt = now;
      lastSentAt = now;
    },
  };
}

/** The queue for calls that share one quota of AWS. It serializes calls once AWS throttles them. */
export type Lane = Pick<Rate, "throttled"> & {
  /** Waits until a call may be sent, or until the signal aborts. */
  readonly turn: () => Promise<void>;
  readonly answered: (now: number) => void;
  /** A call that had its turn has ended, however it ended. */
  readonly ended: () => void;
  /** When AWS last answered a call without throttling, failing or timing out. */
  readonly lastAnswerAt: () => number;
  /** See {@link Window}. */
  readonly patienceMs: number | null;
};

/** How the calls of a lane are limited. */
export type Window = {
  /** How many calls may be in flight before AWS has answered any. */
  readonly first: number;
  /** How many calls may be in flight at most. */
  readonly most: number;
  /** The highest rate, in calls per second. Default: unlimited. */
  readonly perSecond?: number;
  /** How long to retry a call while AWS throttles the lane, in milliseconds. Default: as for all calls. */
  readonly patienceMs?: number;
};

const unlimited: Window = { first: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/**
 * Opens a lane. Each answer allows one more call in flight, so the number doubles with each round trip: the slow start of
 * TCP (RFC 5681). A quota that is nearly used up then refuses a few calls and not hundreds.
 */
export function openLane(clock: Clock, signal: AbortSignal, window = unlimited): Lane {
  const rate = openRate(window.perSecond);
  let allowed = window.first;
  let inFlight = 0;
  let wake: (() => void) | null = null;
  let lastAnswerAt = Number.NEGATIVE_INFINITY;
  let lastTurn = Promise.resolve();
  if (window !== unlimited) signal.addEventListener("abort", () => wake?.());

  const now = (): number => clock.now().getTime();
  const nextTurn = async (): Promise<void> => {
    while (inFlight >= allowed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    // The rate may have fallen further during the wait.
    for (let wait = rate.waitAt(now()); wait > 0 && !signal.aborted; wait = rate.waitAt(now())) {
      await clock.sleep(wait, signal);
    }
    inFlight += 1;
    rate.sent(now());
  };
  return {
    turn: () => {
      lastTurn = lastTurn.then(nextTurn);
      return lastTurn;
    },
    throttled: rate.throttled,
    answered: (at) => {
      lastAnswerAt = at;
      allowed = Math.min(allowed + 1, window.most);
      rate.answered(at);
    },
    ended: () => {
      inFlight -= 1;
      wake?.();
    },
    lastAnswerAt: () => lastAnswerAt,
    patienceMs: window.patienceMs ?? null,
  };
}
