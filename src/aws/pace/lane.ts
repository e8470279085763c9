import type { Clock } from "../../audit/ports.ts";
import type { Gate } from "./gate.ts";
import { type LikelyRate, openRate, type Rate } from "./rate.ts";

/** The queue for calls that share one quota of AWS. It serializes calls once AWS throttles them. */
export type Lane = Pick<Rate, "throttled"> & {
  /** Waits until a call may be sent, or until the signal aborts. */
  readonly turn: () => Promise<void>;
  readonly answered: (now: number) => void;
  /** A call that had its turn has ended, however it ended. */
  readonly ended: () => void;
  /** When AWS last answered a call without throttling, failing or timing out. */
  readonly lastAnswerAt: () => number;
  /** See {@link LaneLimits}. */
  readonly patienceMs: number | null;
  /** See {@link LaneLimits}. */
  readonly needsSlot: boolean;
};

/** What the lanes of one operation share over all regions of an account: AWS often throttles several of them. */
export type Siblings = { readonly gate: Gate; readonly likely: LikelyRate };

/** How the calls of a lane are limited. */
export type LaneLimits = Partial<Siblings> & {
  /** The highest rate, in calls per second. Default: unlimited. */
  readonly perSecond?: number;
  /** How long to retry a call while AWS throttles the lane, in milliseconds. Default: as for all calls. */
  readonly patienceMs?: number;
  /**
   * Whether its calls wait for a slot of all calls. Calls for which others wait with their slots must not: all might
   * wait for each other. Default: true.
   */
  readonly needsSlot?: boolean;
};

/** Opens a lane. */
export function openLane(
  clock: Clock,
  signal: AbortSignal,
  { gate, likely, perSecond, patienceMs, needsSlot = true }: LaneLimits = {},
): Lane {
  const rate = openRate(likely, perSecond);
  let lastAnswerAt = Number.NEGATIVE_INFINITY;
  let lastTurn = Promise.resolve();

  const now = (): number => clock.now().getTime();
  const nextTurn = async (): Promise<void> => {
    await gate?.enter();
    // The rate may have fallen further during the wait. Nobody else waits for a call that waits for its rate.
    for (let wait = rate.waitAt(now()); wait > 0 && !signal.aborted; wait = rate.waitAt(now())) {
      gate?.leave();
      await clock.sleep(wait, signal);
      await gate?.enter();
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
      gate?.answered();
      rate.answered(at);
    },
    ended: () => gate?.leave(),
    lastAnswerAt: () => lastAnswerAt,
    patienceMs: patienceMs ?? null,
    needsSlot,
  };
}
