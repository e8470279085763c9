import { seededRandom } from "../simulator/seeded-random.ts";

/** Chance that is the same each time for the same seed. */
export type Dice = {
  /** True as often as `probability` says. */
  readonly chance: (probability: number) => boolean;
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number;
  readonly pick: <const Items extends readonly [unknown, ...unknown[]]>(items: Items) => Items[number];
  /** Each of the items with the same probability, in their order. */
  readonly some: <T>(items: readonly T[], probability: number) => T[];
};

/** The dice of a seed. */
export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const chance = (probability: number) => random() < probability;
  return {
    chance,
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    some: (items, probability) => items.filter(() => chance(probability)),
  };
}
