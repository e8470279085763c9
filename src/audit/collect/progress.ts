import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { PlanItem } from "../plan/plan.ts";
import type { CallCount, Sources } from "../ports.ts";
import { gapsOf } from "./coverage.ts";

/** The progress of an audit. */
export type AuditProgress = {
  /** The registries planned so far. */
  readonly planned: number;
  /** Whether planning is complete. */
  readonly isPlanned: boolean;
  /** The registries read so far. */
  readonly read: number;
  /** The accounts of the registries planned so far. */
  readonly accounts: number;
  /** The coverage gaps found so far. */
  readonly gaps: number;
  readonly calls: CallCount;
};

/** Counts the steps of an audit and reports after each. */
export type ProgressCounter = {
  /** Passes the items of the plan on, and reports when there are no more. */
  readonly untilPlanned: (items: AsyncIterable<PlanItem>) => AsyncGenerator<PlanItem>;
  /** Another registry of this account is planned. */
  readonly countPlanned: (account: string) => void;
  /** A planned registry was read, as far as it could be. */
  readonly countRead: (snapshot: RegistrySnapshot) => void;
};

/** Starts to count at zero. */
export function openProgress(
  onProgress: (progress: AuditProgress) => void,
  { calls }: Pick<Sources, "calls">,
): ProgressCounter {
  const accounts = new Set<string>();
  const progress = { planned: 0, isPlanned: false, read: 0, gaps: 0 };
  const report = (): void => onProgress({ ...progress, accounts: accounts.size, calls: calls() });
  return {
    untilPlanned: async function* (items) {
      yield* items;
      progress.isPlanned = true;
      report();
    },
    countPlanned: (account) => {
      progress.planned += 1;
      accounts.add(account);
      report();
    },
    countRead: (snapshot) => {
      progress.read += 1;
      progress.gaps += gapsOf(snapshot).length;
      report();
    },
  };
}
