import type { Clock } from "../../audit/ports.ts";
import { openRate, type Rate } from "./rate.ts";

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
