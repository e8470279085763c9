import type { Clock } from "../../audit/ports.ts";

/** The rate at which one operation of one registry is called: unlimited until AWS throttles it. */
type Rate = {
  /** How long the next call has to wait, in milliseconds. */
  readonly waitAt: (now: number) => number;
  readonly sent: (now: number) => void;
  /** AWS answered a call, with whatever but a throttling error. */
  readonly answered: (now: number) => void;
  /** AWS throttled a call that was sent at `sentAt`. */
  readonly throttled: (now: number, sentAt: number) => void;
};

/** What the first throttled call is taken to have been sent at, at least, in calls a second. */
const firstRate = 20;
/** No rate falls lower, in calls a second. */
const lowestRate = 0.5;
/** What is left of a rate of which not one call was answered. */
const seekingFactor = 0.5;
/** What is left of a rate that was sustained for a while. */
const easingFactor = 0.85;
/** How long after a fall the rate is back where it was; it then goes beyond, faster and faster. */
const recoveryMs = 3_000;

/**
 * A rate that falls when AWS throttles and recovers after. It is cut to a little less than what AWS was seen to
 * answer, stays near that for a while, and then tries more: the curve of CUBIC congestion control (RFC 9438),
 * which the SDK's adaptive retry mode uses as well. Times are in milliseconds.
 */
export function openRate(): Rate {
  let perSecond = Number.POSITIVE_INFINITY;
  let ceiling = perSecond;
  let answers = 0;
  let firstSentAt: number | null = null;
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let cutAt = Number.NEGATIVE_INFINITY;

  const cut = (now: number): void => {
    if (perSecond === Number.POSITIVE_INFINITY) {
      // The burst that AWS allows goes by in less than a second: it must not pass for what it answers for long.
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
    waitAt: (now) => Math.max(0, lastSentAt + 1_000 / perSecond - now),
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
      // A call that was under way at the last cut says nothing of the rate since.
      if (sentAt <= cutAt) return;
      cut(now);
      answers = 0;
      cutAt = now;
      lastSentAt = now;
    },
  };
}

/** What calls of one operation at one registry go through, one behind the other once AWS throttles them. */
export type Lane = Pick<Rate, "throttled"> & {
  /** Waits for a call's turn, or until the signal aborts. */
  readonly turn: () => Promise<void>;
  readonly answered: (now: number) => void;
  /** When AWS last answered a call with something else than that it throttles, fails or is silent. */
  readonly lastAnswerAt: () => number;
};

/** Opens a lane. */
export function openLane(clock: Clock, signal: AbortSignal): Lane {
  const rate = openRate();
  let lastAnswerAt = Number.NEGATIVE_INFINITY;
  let lastTurn = Promise.resolve();

  const now = (): number => clock.now().getTime();
  const nextTurn = async (): Promise<void> => {
    // While it waits the rate may have fallen further.
    for (let wait = rate.waitAt(now()); wait > 0 && !signal.aborted; wait = rate.waitAt(now())) {
      await clock.sleep(wait, signal);
    }
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
      rate.answered(at);
    },
    lastAnswerAt: () => lastAnswerAt,
  };
}
