import type { Target } from "../../ecr/target.ts";
import { unreadable } from "../../facts/evidence.ts";
import type { FactName } from "../../facts/index.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../facts/snapshot.ts";
import { TIME_WAS_OVER } from "../compare/unreached-registries.ts";
import type { Sources } from "../ports.ts";
import { type CollectOptions, collect } from "./collect.ts";
import { openTimeBudget, watch } from "./time-budget.ts";

/**
 * Registries that are begun and not done, at most: how many there are at once is for {@link Sources.room} to say.
 * Those that AWS throttles, and those whose rules are validated once more, wait without holding up others.
 */
export const mostRegistriesAtOnce = 1_000;

/** How registries are read, and for how long. */
export type ReadingOptions = Pick<CollectOptions, "callsPerRegistry" | "confirmAfterMs"> & {
  /** How long the process may still run, in milliseconds; left out where it may run as long as it likes. */
  readonly timeLeft?: () => number;
};

/** Registries that are read beside each other, for as long as there is time. */
export type Reading = {
  /** Another registry is known, which is to be judged in the end. */
  readonly expect: () => void;
  /** Whether there is time to begin anything more. */
  readonly hasTime: () => boolean;
  /** Reads a registry when its turn comes. One for which time does not suffice is left unread, for that reason. */
  readonly read: (target: Target) => Promise<RegistrySnapshot>;
  /** Ends the watch over the time. Call it when all is read, or given up. */
  readonly end: () => Promise<void>;
};

const notBegun = unreadable(
  "deadline",
  "ecr:DescribePullThroughCacheRules",
  `${TIME_WAS_OVER} this registry's turn came`,
);

/** Opens the reading of registries: of each its rules, and the facts that `factsFor` names. */
export function openReading(
  factsFor: (target: Target) => ReadonlySet<FactName>,
  sources: Sources,
  options: ReadingOptions & Pick<CollectOptions, "clock" | "inScope">,
): Reading {
  const { clock, confirmAfterMs, timeLeft = () => Number.POSITIVE_INFINITY } = options;
  const time = openTimeBudget({ timeLeft, now: () => clock.now().getTime(), confirmAfterMs });
  return {
    expect: time.plan,
    hasTime: time.mayBegin,
    read: async (target) => {
      if (time.mayBegin()) await sources.room();
      if (!time.mayBegin()) return unreadSnapshot(target, notBegun, clock.now());
      const end = time.begin();
      const reader = sources.openRegistry(target);
      const snapshot = await collect(target, factsFor(target), reader, {
        ...options,
        stopped: sources.stopped,
      });
      end();
      return snapshot;
    },
    end: watch(time, sources, clock),
  };
}
