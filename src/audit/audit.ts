import { checksOf } from "../checks/index.ts";
import { unreadable } from "../model/evidence.ts";
import { type FactName, factNames } from "../model/facts.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../model/snapshot.ts";
import type { Target } from "../model/target.ts";
import type { Policy } from "../policy/schema.ts";
import { type Assessment, beginAssessment } from "./assess.ts";
import { collect } from "./collect.ts";
import { concurrently } from "./concurrently.ts";
import { gapsOf } from "./coverage.ts";
import { type Missed, TIME_WAS_OVER } from "./missed.ts";
import { plan } from "./plan.ts";
import type { CallCount, Clock, Sources } from "./ports.ts";
import { type AuditRequest, prefixFilter } from "./request.ts";
import { openTimetable, watch } from "./timetable.ts";

/** How an audit is run. */
export type AuditOptions = {
  /** Calls under way at one registry at once. */
  readonly callsPerRegistry: number;
  /** How long after a failed validation it is asked again, in milliseconds. */
  readonly confirmAfterMs: number;
  /** Whether the findings hold what passes too. */
  readonly includePassing: boolean;
  /** Told after every step, for people who watch. */
  readonly onProgress: (progress: AuditProgress) => void;
  /** Whether all facts are collected, and not only those that the policy asks for. */
  readonly collectAll?: boolean;
  /** Given every registry's facts, for those who keep them. */
  readonly onSnapshot?: (snapshot: RegistrySnapshot) => void;
  /** How long the process may still run, in milliseconds; left out where it may run as long as it likes. */
  readonly timeLeft?: () => number;
  /** What the last audit's time did not suffice for: this one begins with it. */
  readonly missed?: Missed;
};

/**
 * Registries that are begun and not done, at most: how many there are at once is for {@link Sources.room} to say.
 * Those that AWS throttles, and those whose rules are validated once more, wait without holding up others.
 */
export const mostRegistriesAtOnce = 1_000;

const allFacts: ReadonlySet<FactName> = new Set(factNames);

const notBegun = unreadable(
  "deadline",
  "ecr:DescribePullThroughCacheRules",
  `${TIME_WAS_OVER} this registry's turn came`,
);

/** How far an audit is. */
export type AuditProgress = {
  /** The registries that are known so far. */
  readonly planned: number;
  /** Whether there are no more than these. */
  readonly isPlanned: boolean;
  readonly read: number;
  /** The accounts of the registries that are known so far. */
  readonly accounts: number;
  /** What could not be seen so far. */
  readonly gaps: number;
  readonly calls: CallCount;
};

/**
 * Sees and judges what the request asks for, registry by registry as each becomes known. Delivers nothing.
 *
 * @throws CannotStartError when the organization can not be listed
 * @throws RequestError when the request asks for what lies outside the scope
 */
export async function audit(
  request: AuditRequest,
  policy: Policy,
  sources: Sources,
  clock: Clock,
  options: AuditOptions,
): Promise<Assessment> {
  const inScope = prefixFilter(request);
  const { includePassing } = options;
  const assessor = beginAssessment(policy, checksOf(policy), request, { now: clock.now(), includePassing });
  const accounts = new Set<string>();
  const progress = { planned: 0, isPlanned: false, read: 0, gaps: 0 };
  const tellProgress = (): void =>
    options.onProgress({ ...progress, accounts: accounts.size, calls: sources.calls() });

  const factsFor = (target: Target) => (options.collectAll === true ? allFacts : assessor.factsFor(target));
  const { timeLeft = () => Number.POSITIVE_INFINITY, confirmAfterMs, missed = {} } = options;
  const time = openTimetable({ timeLeft, now: () => clock.now().getTime(), confirmAfterMs });
  const read = async (target: Target): Promise<RegistrySnapshot> => {
    if (time.mayBegin()) await sources.room();
    if (!time.mayBegin()) return unreadSnapshot(target, notBegun, clock.now());
    const end = time.begin();
    const reader = sources.openRegistry(target);
    const reading = { ...options, clock, inScope, stopped: sources.stopped };
    const snapshot = await collect(target, factsFor(target), reader, reading);
    end();
    return snapshot;
  };

  async function* planned() {
    yield* plan(policy.scope, request, sources, clock, { missed, hasTime: time.mayBegin });
    progress.isPlanned = true;
    tellProgress();
  }
  const endWatch = watch(time, sources, clock);
  await concurrently(planned(), mostRegistriesAtOnce, async (item) => {
    if (item.kind === "excluded") {
      assessor.addExcluded(item.account);
      return;
    }
    time.plan();
    progress.planned += 1;
    accounts.add(item.kind === "target" ? item.target.account : item.snapshot.target.account);
    tellProgress();
    const snapshot = item.kind === "target" ? await read(item.target) : item.snapshot;
    options.onSnapshot?.(snapshot);
    assessor.addSnapshot(snapshot);
    progress.read += 1;
    progress.gaps += gapsOf(snapshot).length;
    tellProgress();
  }).finally(endWatch);
  return assessor.result();
}
