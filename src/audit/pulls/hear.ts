import { judgePulls } from "../../checks/failed-pulls/failing.ts";
import { forEachConcurrently } from "../../core/concurrency.ts";
import { messageOf } from "../../core/errors.ts";
import { type Registry, registryKey } from "../../ecr/registry.ts";
import type { HeardPulls } from "../../facts/pulls.ts";
import { applyOverride } from "../../policy/effective.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Report } from "../../schemas/report.ts";
import { plan } from "../plan/plan.ts";
import { type AuditRequest, prefixFilter } from "../plan/request.ts";
import { type Clock, type Sources, StoreError } from "../ports.ts";
import type { PullEvent } from "./pull-event.ts";
import { emptyMemory, type PullMemory, refusalOf, withEvents } from "./pull-memory.ts";
import type { PullStore } from "./pull-store.ts";

/** What hearing pulls needs from outside. */
export type HearingPorts = {
  readonly store: PullStore;
  /** Connects when the scope has to be planned: for a registry of which nothing was heard before. */
  readonly connect: () => Promise<Sources>;
  readonly clock: Clock;
};

/** An event that is not recorded, and why. */
export type RefusedPull = { readonly event: PullEvent; readonly problem: string };

/** What became of events. */
export type Heard = {
  readonly refused: readonly RefusedPull[];
  /** The events that could not be recorded now. */
  readonly failed: readonly RefusedPull[];
  /** The rules that must be audited. */
  readonly due: readonly DueRules[];
};

/** The rules of a registry that must be audited, each with how often it became due. */
export type DueRules = { readonly registry: Registry; readonly rules: PullMemory["due"] };

const registriesAtOnce = 10;
const mostTries = 10;

/**
 * Records pulls, registry by registry. A rule becomes due for an audit when what is judged of it changes: with the first
 * failure of a window, with a new code, and with a success after failures. It stays due until {@link settle}, so that an
 * audit that failed is repeated although the events are known by then.
 */
export async function hearPulls(
  events: readonly PullEvent[],
  policy: Policy,
  ports: HearingPorts,
): Promise<Heard> {
  const now = ports.clock.now();
  const refused: RefusedPull[] = [];
  const failed: RefusedPull[] = [];
  const due: DueRules[] = [];
  const accepted = events.filter((event) => {
    const problem = refusalOf(event, now);
    if (problem !== null) refused.push({ event, problem });
    return problem === null;
  });
  const byRegistry = Map.groupBy(accepted, registryKey);
  let planned: Promise<ReadonlySet<string>> | undefined;
  const isPlanned = async (key: string): Promise<boolean> => {
    planned ??= plannedAmong(accepted, policy, ports);
    return (await planned).has(key);
  };
  await forEachConcurrently([...byRegistry], registriesAtOnce, async ([key, ofRegistry]) => {
    const refuse = (list: RefusedPull[], problem: string) => {
      list.push(...ofRegistry.map((event) => ({ event, problem })));
    };
    try {
      const recorded = await record(ofRegistry, policy, ports, () => isPlanned(key));
      if (recorded === null) refuse(refused, "its registry is not in the policy's scope");
      else if (recorded.rules.length > 0) due.push(recorded);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      refuse(failed, messageOf(error));
    }
  });
  return { refused, failed, due };
}

/** Records the pulls of one registry; `null` if it is not in the scope. @throws StoreError */
async function record(
  events: readonly PullEvent[],
  policy: Policy,
  { store, clock }: HearingPorts,
  isPlanned: () => Promise<boolean>,
): Promise<DueRules | null> {
  const [first] = events;
  if (first === undefined) return null;
  const { account, region } = first;
  const registry = { account, region };
  const policies = [policy, ...policy.overrides.map(({ set }) => applyOverride(policy, set))];
  return exchange(registry, { store, clock }, async (stored) => {
    const now = clock.now();
    const memory = stored ?? emptyMemory(registry);
    const next = withEvents(memory, events, now);
    const changed = changedRules(memory.rules, next.rules, policies, now);
    // A registry that is known may have left the scope. Asking only about news keeps other events cheap.
    if ((stored === null || changed.length > 0) && !(await isPlanned())) return null;
    const due = new Map(memory.due);
    for (const prefix of changed) due.set(prefix, (due.get(prefix) ?? 0) + 1);
    return { ...next, due: [...due] };
  }).then((memory) => (memory === null ? null : { registry, rules: memory.due }));
}

/**
 * Marks the rules that an audit covered as audited, unless they became due again in the meantime. Those of a registry that
 * it could not read stay due, so that the next event about the registry leads to another audit.
 *
 * @throws StoreError
 */
export async function settleAll(
  due: readonly DueRules[],
  { coverage }: Pick<Report, "coverage">,
  ports: Pick<HearingPorts, "store" | "clock">,
  request: Pick<AuditRequest, "prefixes">,
): Promise<void> {
  const inScope = prefixFilter(request);
  const unread = new Set(coverage.gaps.filter(({ state }) => state === "unreachable").map(registryKey));
  for (const { registry, rules } of due) {
    if (unread.has(registryKey(registry))) continue;
    await settle({ registry, rules: rules.filter(([prefix]) => inScope(prefix)) }, ports);
  }
}

async function settle(
  { registry, rules }: DueRules,
  ports: Pick<HearingPorts, "store" | "clock">,
): Promise<void> {
  const audited = new Map(rules);
  await exchange(registry, ports, async (memory) =>
    memory === null
      ? null
      : { ...memory, due: memory.due.filter(([prefix, times]) => audited.get(prefix) !== times) },
  );
}

/** The request for one audit of the rules that are due. */
export function requestFor(due: readonly DueRules[]): AuditRequest {
  const registries = due.map(({ registry }) => registry);
  return {
    trigger: "event",
    accounts: [...new Set(registries.map(({ account }) => account))],
    regions: [...new Set(registries.map(({ region }) => region))],
    prefixes: [...new Set(due.flatMap(({ rules }) => rules.map(([prefix]) => prefix)))],
    registries: registries.map(registryKey),
  };
}

/**
 * Replaces the memory of a registry by compare-and-swap.
 *
 * @param change returns the next memory, or `null` to leave it
 * @returns the memory that is stored now; `null` if it was left
 * @throws StoreError
 */
async function exchange(
  registry: Registry,
  { store, clock }: Pick<HearingPorts, "store" | "clock">,
  change: (memory: PullMemory | null) => Promise<PullMemory | null>,
): Promise<PullMemory | null> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = await store.read(registry);
    const next = await change(stored?.memory ?? null);
    if (next === null) return null;
    if (JSON.stringify(next) === JSON.stringify(stored?.memory)) return next;
    if (await store.write(next, stored?.version ?? null)) return next;
    await clock.sleep(50 * tries);
  }
  throw new StoreError(
    `What was heard of pulls in ${registryKey(registry)} could not be written: other functions wrote it ${mostTries} times in the meantime. The queue delivers the events again.`,
  );
}

/** The rules of which something else is judged now than before, by any of the policies. */
function changedRules(
  before: readonly HeardPulls[],
  after: readonly HeardPulls[],
  policies: readonly Policy[],
  now: Date,
): readonly string[] {
  const earlier = new Map(before.map((rule) => [rule.prefix, rule]));
  const codesOf = (rule: HeardPulls | undefined, policy: Policy): string =>
    JSON.stringify(
      rule === undefined ? [] : judgePulls(rule, policy, now).failing.map(({ failures }) => failures.code),
    );
  return after
    .filter((rule) =>
      policies.some((policy) => codesOf(earlier.get(rule.prefix), policy) !== codesOf(rule, policy)),
    )
    .map(({ prefix }) => prefix);
}

/** The keys of those registries that an audit would read. */
async function plannedAmong(
  registries: readonly Registry[],
  policy: Policy,
  { connect, clock }: Pick<HearingPorts, "connect" | "clock">,
): Promise<ReadonlySet<string>> {
  const keys = new Set(registries.map(registryKey));
  const due = registries.map(({ account, region }) => ({ registry: { account, region }, rules: [] }));
  const request = { ...requestFor(due), prefixes: null };
  const planned = new Set<string>();
  for await (const item of plan(policy.scope, request, await connect(), clock)) {
    if (item.kind === "excluded") continue;
    const { account, region } = item.kind === "target" ? item.target : item.snapshot.target;
    // An account whose regions could not be listed is in the scope all the same.
    for (const key of keys) {
      if (key === registryKey({ account, region }) || (region === "*" && key.startsWith(`${account}/`)))
        planned.add(key);
    }
  }
  return planned;
}
