/** The rate limit of calls that share one quota: unlimited until AWS throttles them. */
export type Rate = {
  /** How long the next call must wait, in milliseconds. */
  readonly waitAt: (now: number) => number;
  readonly sent: (now: number) => void;
  /** AWS answered a call with anything except a throttling error. */
  readonly answered: (now: number) => void;
  /** AWS throttled a call that was sent at `sentAt`. */
  readonly throttled: (now: number, sentAt: number) => void;
};

/** What the rates of one kind know together: the calls per second that AWS is likely to allow each of them. */
export type LikelyRate = { perSecond: number };

/** AWS has throttled no call of a kind yet. */
export function noThrottling(): LikelyRate {
  return { perSecond: Number.POSITIVE_INFINITY };
}

/** The minimum rate assumed for the first throttled call, in calls per second. */
const firstRate = 5;
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
 * @param likely shared with other rates. Once AWS has throttled one of them, the others begin at its rate.
 * @param most the highest rate, in calls per second, where it is known
 */
export function openRate(likely: LikelyRate = noThrottling(), most = Number.POSITIVE_INFINITY): Rate {
  let perSecond = Number.POSITIVE_INFINITY;
  let ceiling = perSecond;
  let factor = seekingFactor;
  let answers = 0;
  let firstSentAt: number | null = null;
  let lastSentAt = Number.NEGATIVE_INFINITY;
  let cutAt = Number.NEGATIVE_INFINITY;

  const limit = (now: number, to: number, by: number): void => {
    ceiling = to;
    factor = by;
    perSecond = Math.max(ceiling * factor, lowestRate);
    answers = 0;
    cutAt = now;
  };
  const adopt = (now: number): void => limit(now, likely.perSecond / seekingFactor, seekingFactor);
  const isUnlimited = (): boolean => perSecond === Number.POSITIVE_INFINITY;
  const isLikelyLimited = (): boolean => likely.perSecond < Number.POSITIVE_INFINITY;

  const cut = (now: number): void => {
    if (!isUnlimited() && answers > 0) {
      limit(now, Math.min(perSecond, (answers * 1_000) / (now - cutAt)), easingFactor);
      return;
    }
    if (!isUnlimited()) limit(now, perSecond, seekingFactor);
    else if (isLikelyLimited()) adopt(now);
    else {
      // AWS allows a burst of less than a second. It must not count as the sustained rate of answers.
      const elapsed = Math.max(now - (firstSentAt ?? now), 1_000);
      limit(now, Math.max((answers * 1_000) / elapsed, firstRate), seekingFactor);
    }
    likely.perSecond = perSecond;
  };

  return {
    waitAt: (now) => {
      if (isUnlimited() && isLikelyLimited()) adopt(now);
      return Math.max(0, lastSentAt + 1_000 / Math.min(perSecond, most) - now);
    },
    sent: (now) => {
      firstSentAt ??= now;
      lastSentAt = now;
    },
    answered: (now) => {
      answers += 1;
      if (isUnlimited()) return;
      // The curve begins at the rate after the cut.
      const progress = (now - cutAt) / recoveryMs - 1;
      perSecond = Math.max(perSecond, ceiling * (1 + (1 - factor) * progress ** 3));
    },
    throttled: (now, sentAt) => {
      // A call that was sent before the last cut does not measure the current rate.
      if (sentAt <= cutAt) return;
      cut(now);
      lastSentAt = now;
    },
  };
}
