import { checksOf } from "../checks/index.ts";
import { forEachConcurrently } from "../core/concurrency.ts";
import { newAuditId } from "../core/ids.ts";
import { type FactName, factNames } from "../facts/index.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import type { Policy } from "../policy/schema.ts";
import type { AuditState } from "../schemas/state.ts";
import { lookUpChanges } from "./changes/look-up.ts";
import { narrowToSecrets } from "./changes/narrow-to-secrets.ts";
import { rememberChanges } from "./changes/remember.ts";
import { openProgress } from "./collect/progress.ts";
import { mostRegistriesAtOnce, openReading } from "./collect/reading.ts";
import { openFinalizeBudget } from "./collect/time-budget.ts";
import { clamped } from "./compare/clamp.ts";
import { rememberedOfRepositories } from "./compare/repository-turns.ts";
import { addresseesOf, askTopics, deliver, deliveryFailure, toldOf } from "./deliver/deliver.ts";
import { type AuditEvaluation, openAccumulator } from "./evaluate/accumulator.ts";
import type { EvaluateScopeOptions, FinalizedAudit, FinalizeOptions, Ports, RunOptions } from "./options.ts";
import { plan } from "./plan/plan.ts";
import { type AuditRequest, prefixFilter } from "./plan/request.ts";
import { type Clock, type Sources, StoreError } from "./ports.ts";
import { hearPulls, settleAll } from "./pulls/hear.ts";
import { heardPullsOf, pullsInProcess } from "./pulls/pull-store.ts";
import { buildComparedReport, type ReportHead } from "./report/build-report.ts";
import { findingDescriber } from "./report/describe-findings.ts";
import { historyWith, recordOf } from "./report/history.ts";
import { chained, policyFile } from "./state/chain.ts";
import { catchStoreError, keepReport } from "./state/keep-report.ts";
import { loadState } from "./state/load-state.ts";
import { persistState } from "./state/persist-state.ts";
import { describedPending } from "./state/undelivered-alerts.ts";

const allFacts: ReadonlySet<FactName> = new Set(factNames);

/**
 * Runs one audit. This file is the whole pipeline, and each stage has the folder of its name:
 *
 *     plan → collect → evaluate             {@link evaluateScope}, for each registry as soon as it is known
 *     compare → report → deliver → state    {@link finalize}, once all registries are evaluated
 *
 * `fleet/` runs the same stages in several Lambda functions.
 *
 * @throws CannotStartError if the state cannot be read, and as {@link evaluateScope}
 * @throws RequestError as {@link evaluateScope}
 */
export async function runAudit(
  asked: AuditRequest,
  policy: LoadedPolicy,
  { sources, clock, notifiers, store }: Ports,
  options: RunOptions,
): Promise<FinalizedAudit> {
  const startedAt = clock.now();
  const stored = store === null ? null : await loadState(store);
  const missed = stored?.state.missed ?? {};
  const { changes = [] } = options;
  const request = await narrowToSecrets(asked, changes, policy.policy, sources, clock);
  const knownChanges = rememberChanges(stored?.state.changes ?? [], changes, startedAt);
  const pulls = store?.pulls ?? pullsInProcess();
  const hearing = { store: pulls, connect: async () => sources, clock };
  const heard = await hearPulls(options.pulls ?? [], policy.policy, hearing);
  const evaluation = await evaluateScope(request, policy.policy, sources, clock, {
    pullsOf: (registry) => heardPullsOf(pulls, registry),
    ...options,
    missed,
    knownChanges,
    earlier: stored?.state ?? null,
  });
  const { trigger } = request;
  const head = { auditId: newAuditId(startedAt), trigger, startedAt, finishedAt: clock.now() };
  const explained = { ...evaluation, changes: [...changes, ...(evaluation.changes ?? [])] };
  const finalized = await finalize(explained, head, policy, { ...options, clock, store, stored, notifiers });
  if (finalized.failure === null) await settleAll(heard.due, finalized.report, hearing, request);
  return finalized;
}

/**
 * Plans, collects and evaluates what the request asks for. Registries stream through the three stages: each is
 * evaluated as soon as it is read, and only what the report needs is kept. Delivers nothing.
 *
 * @throws CannotStartError if the organization cannot be listed
 * @throws RequestError if the request names accounts or regions outside the policy's scope
 */
export async function evaluateScope(
  request: AuditRequest,
  policy: Policy,
  sources: Sources,
  clock: Clock,
  options: EvaluateScopeOptions,
): Promise<AuditEvaluation> {
  const { includePassing, missed = {}, knownChanges = [], earlier = null } = options;
  const evaluated = openAccumulator(policy, checksOf(policy), request, {
    now: clock.now(),
    includePassing,
    knownChanges,
    ...rememberedOfRepositories(earlier),
  });
  const factsFor = options.collectAll === true ? () => allFacts : evaluated.factsFor;
  const needs = { factsFor, repositoriesFor: evaluated.repositoriesFor };
  const reading = openReading(needs, sources, { ...options, clock, inScope: prefixFilter(request) });
  const progress = openProgress(options.onProgress, sources);

  const planned = plan(policy.scope, request, sources, clock, {
    missed,
    hasTime: reading.hasTime,
    withEmails: policy.owners === "account-email",
  });
  try {
    await forEachConcurrently(progress.untilPlanned(planned), mostRegistriesAtOnce, async (item) => {
      if (item.kind === "excluded") {
        evaluated.addExcluded(item.account);
        return;
      }
      reading.expect();
      progress.countPlanned((item.kind === "target" ? item.target : item.snapshot.target).account);
      const collected = item.kind === "target" ? await reading.read(item.target) : item.snapshot;
      options.onSnapshot?.(collected);
      evaluated.addSnapshot(collected);
      progress.countRead(collected);
    });
    const { hasTime } = reading;
    return evaluated.result(
      await lookUpChanges(request, evaluated.changed(), earlier, { sources, clock, hasTime }),
    );
  } finally {
    await reading.end();
  }
}

/**
 * Compares an evaluation with the stored state, builds and stores the report, delivers it, and persists the new
 * state. The order matters: if the process ends at any point, the next audit repeats alerts under the same ids and
 * loses none.
 */
export async function finalize(
  evaluation: AuditEvaluation,
  head: ReportHead,
  policy: LoadedPolicy,
  options: FinalizeOptions,
): Promise<FinalizedAudit> {
  const { store, stored, notifiers, dryRun, renderFiles, clock, timeLeft = unlimited } = options;
  const { notifications } = policy.policy;
  const delivery = { notifiers, notifications, notify: options.notify ?? notifications.when };
  const time = openFinalizeBudget({ timeLeft, now: () => clock.now().getTime() });

  const describe = findingDescriber(policy.policy, evaluation.accountEmails, head.startedAt);
  const compareWith = (state: AuditState | null) => {
    const isBaseline = store !== null && state === null;
    const { report, next } = buildComparedReport(evaluation, head, policy, state, isBaseline);
    const pending = describedPending(state?.pending ?? {}, describe);
    return { report, next, addressees: addresseesOf(report, pending, delivery) };
  };
  const known = stored === null ? null : clamped(stored.state, head.startedAt);
  const compared = compareWith(known);
  const { next } = compared;
  if (dryRun) {
    const told = toldOf(compared.addressees, null, { isSent: false });
    return { report: compared.report, location: null, failure: null, told };
  }
  const { asked, topics } = await askTopics(compared.addressees, { left: time.leftForKeeping, clock });
  const found = { ...compared.report, topics };

  const { wholeScope } = evaluation.auditScope;
  const kept = await catchStoreError(async () => {
    if (store === null) return null;
    const history = historyWith(known?.history ?? [], recordOf(found, wholeScope, null));
    const files = [
      ...(await renderFiles(found, history)),
      ...(evaluation.lists ?? []),
      ...policyFile(policy),
    ];
    const report = chained(found, known, files);
    return { report, ...(await keepReport(store, report, files, { left: time.leftForKeeping, clock })) };
  });
  const link = kept instanceof StoreError ? null : kept;
  const { report, location } = link ?? { report: found, location: null };

  const left = time.beginDelivery(Object.keys(next.findings).length);
  const deliveries = await deliver(asked, location, { left, clock });

  const persisted = await catchStoreError(async () => {
    const record = recordOf(report, wholeScope, location);
    if (store !== null)
      await persistState({ store, stored, compared, deliveries, record, link, compareWith });
  });
  const notStored = [kept, persisted].find((result) => result instanceof StoreError) ?? null;
  const failure = deliveryFailure(deliveries, notStored) ?? notStored;
  return { report, location, failure, told: toldOf(deliveries, location, { isSent: true }) };
}

const unlimited = (): number => Number.POSITIVE_INFINITY;
