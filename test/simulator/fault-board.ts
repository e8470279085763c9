import { type CallSubject, type Effect, type Fault, matches } from "./faults.ts";
import { seededRandom } from "./seeded-random.ts";
import { TokenBuckets } from "./token-buckets.ts";
import type { World } from "./world.ts";

/**
 * Determines which faults apply to a call. It keeps the counts. The faults themselves are plain data in the world, which
 * a test may change at any time.
 */
export class FaultBoard {
  readonly #world: World;
  readonly #buckets = new TokenBuckets();
  readonly #seen = new WeakMap<Fault, number>();
  readonly #random: () => number;

  constructor(world: World) {
    this.#world = world;
    this.#random = seededRandom(world.seed);
  }

  /** The effects on this call, in the order of the world's list. Each query counts as a call. */
  effectsOn(subject: CallSubject): Effect[] {
    const effects = this.#world.faults
      .filter((fault) => matches(fault.on, subject) && this.#strikes(fault))
      .map((fault) => fault.effect);
    return this.#isThrottled(subject) ? [...effects, { kind: "throttle" }] : effects;
  }

  /** How long this delay lasts. */
  millisecondsOf(delay: Extract<Effect, { kind: "delay" }>): number {
    return delay.milliseconds + this.#random() * (delay.jitterMilliseconds ?? 0);
  }

  #isThrottled(subject: CallSubject): boolean {
    return this.#world.throttles.some(
      (throttle) => matches(throttle.on, subject) && !this.#buckets.take(throttle, subject),
    );
  }

  #strikes(fault: Fault): boolean {
    const seenBefore = this.#seen.get(fault) ?? 0;
    this.#seen.set(fault, seenBefore + 1);
    const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = fault;
    if (seenBefore < after || seenBefore >= after + times) return false;
    return probability >= 1 || this.#random() < probability;
  }
}
