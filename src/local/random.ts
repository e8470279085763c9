/** A pseudo-random number from 0 (inclusive) to 1 (exclusive). */
export const systemRandom = (): number => Math.random();
