import { checksOf } from "../checks/index.ts";
import { forEachConcurrently } from "../core/concurrency.ts";
import type { Target } from "../ecr/target.ts";
import type { FactName } from "../facts/index.ts";
import { factNames } from "../facts/index.ts";
import type { RegistrySnapshot } from "../facts/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import { gapsOf } from "./collect/coverage.ts";
import { mostRegistriesAtOnce, openReading, type ReadingOptions } from "./collect/reading.ts";
import type { UnreachedRegistries } from "./compare/unreached-registries.ts";
import { type AuditEvaluation, openAccumulator } from "./evaluate/accumulator.ts";
import { plan } from "./plan/plan.ts";
import { type AuditRequest, prefixFilter } from "./plan/request.ts";
import type { CallCount, Clock, Sources } from "./ports.ts";

/** How an audit is run. */
export type AuditOptions = ReadingOptions & {
  /** Whether the findings hold what passes too. */
  readonly includePassing: boolean;
  /** Told after every step, for people who watch. */
  readonly onProgress: (progress: AuditProgress) => void;
  /** Whether all facts are collected, and not only those that the policy asks for. */
  readonly collectAll?: boolean;
  /** Given every registry's facts, for those who keep them. */
  readonly onSnapshot?: (snapshot: RegistrySnapshot) => void;
  /** What the last audit's time did not suffice for: this one begins with it. */
  readonly missed?: UnreachedRegistries;
};

const allFacts: ReadonlySet<FactName> = new Set(factNames);

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
): Promise<AuditEvaluation> {
  const inScope = prefixFilter(request);
  const { includePassing, missed = {} } = options;
  const accumulator = openAccumulator(policy, checksOf(policy), request, {
    now: clock.now(),
    includePassing,
  });
  const accounts = new Set<string>();
  const progress = { planned: 0, isPlanned: false, read: 0, gaps: 0 };
  const reportProgress = (): void =>
    options.onProgress({ ...progress, accounts: accounts.size, calls: sources.calls() });

  const factsFor = (target: Target) =>
    options.collectAll === true ? allFacts : accumulator.factsFor(target);
  const reading = openReading(factsFor, sources, { ...options, clock, inScope });

  async function* planned() {
    yield* plan(policy.scope, request, sources, clock, { missed, hasTime: reading.hasTime });
    progress.isPlanned = true;
    reportProgress();
  }
  await forEachConcurrently(planned(), mostRegistriesAtOnce, async (item) => {
    if (item.kind === "excluded") {
      accumulator.addExcluded(item.account);
      return;
    }
    reading.expect();
    progress.planned += 1;
    accounts.add(item.kind === "target" ? item.target.account : item.snapshot.target.account);
    reportProgress();
    const snapshot = item.kind === "target" ? await reading.read(item.target) : item.snapshot;
    options.onSnapshot?.(snapshot);
    accumulator.addSnapshot(snapshot);
    progress.read += 1;
    progress.gaps += gapsOf(snapshot).length;
    reportProgress();
  }).finally(reading.end);
  return accumulator.result();
}
