import type { Target } from "../../ecr/target.ts";
import { unreadable } from "../../facts/evidence.ts";
import type { FactName } from "../../facts/index.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../facts/snapshot.ts";
import { TIME_WAS_OVER } from "../compare/unreached-registries.ts";
import type { Sources } from "../ports.ts";
import type { RepositoriesRequest } from "./cached-repositories.ts";
import { type CollectOptions, collect } from "./collect.ts";
import { openTimeBudget, watch } from "./time-budget.ts";

/**
 * The limit of registries in progress. The actual concurrency is up to {@link Sources.room}. Throttled registries, and
 * those that wait to validate rules again, do not hold up others.
 */
export const mostRegistriesAtOnce = 1_000;

/** How registries are read, and for how long. */
export type ReadingOptions = Pick<CollectOptions, "callsPerRegistry" | "confirmAfterMs" | "pullsOf"> & {
  /** How long the process may still run, in milliseconds; omit it if there is no limit. */
  readonly timeLeft?: () => number;
};

/** Reads registries concurrently, while there is time. */
export type Reading = {
  /** Announces another registry, which the time budget must account for. */
  readonly expect: () => void;
  /** Whether there is time to start anything else. */
  readonly hasTime: () => boolean;
  /** Reads a registry when its turn comes. Without enough time, returns a snapshot that is unreadable for that reason. */
  readonly read: (target: Target) => Promise<RegistrySnapshot>;
  /** Ends the time watch. Call it when reading is complete or has failed. */
  readonly end: () => Promise<void>;
};

const notBegun = unreadable(
  "deadline",
  "ecr:DescribePullThroughCacheRules",
  `${TIME_WAS_OVER} this registry's turn came`,
);

/** What a policy needs of each registry. */
export type Needs = {
  /** The facts beyond the rules. */
  readonly factsFor: (target: Target) => ReadonlySet<FactName>;
  /** The repositories; `null` for none. */
  readonly repositoriesFor: (target: Target) => RepositoriesRequest | null;
};

/** Opens a reader of registries. It reads the rules of each, and what the policy needs. */
export function openReading(
  { factsFor, repositoriesFor }: Needs,
  sources: Sources,
  options: ReadingOptions & Pick<CollectOptions, "clock" | "inScope">,
): Reading {
  const { clock, confirmAfterMs, timeLeft = () => Number.POSITIVE_INFINITY } = options;
  const time = openTimeBudget({ timeLeft, now: () => clock.now().getTime(), confirmAfterMs });
  return {
    expect: time.plan,
    hasTime: time.mayBegin,
    read: async (target) => {
      if (time.mayBegin()) await sources.room(target);
      if (!time.mayBegin()) return unreadSnapshot(target, notBegun, clock.now());
      const end = time.begin();
      const reader = sources.openRegistry(target);
      const snapshot = await collect(target, factsFor(target), reader, {
        ...options,
        repositories: repositoriesFor(target),
        stopped: sources.stopped,
      });
      end();
      return snapshot;
    },
    end: watch(time, sources, clock),
  };
}
