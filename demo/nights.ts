import { readFile } from "node:fs/promises";
import { openNotifiers } from "../src/app/notifiers.ts";
import { pacingOf, readOptions, roleOf } from "../src/app/reading.ts";
import { readSettings, type Settings } from "../src/app/settings.ts";
import { renderFiles } from "../src/app/stored-files.ts";
import { type AuditRequest, wholeScope } from "../src/audit/plan/request.ts";
import type { Clock } from "../src/audit/ports.ts";
import { evaluateScope, finalize } from "../src/audit/run.ts";
import { loadState } from "../src/audit/state/load-state.ts";
import { clientDefaults } from "../src/aws/http.ts";
import { connect } from "../src/aws/sources.ts";
import { checkIds } from "../src/checks/index.ts";
import { writeDay } from "../src/core/days.ts";
import { sha256Of } from "../src/core/ids.ts";
import { systemClock } from "../src/local/clock.ts";
import { folderStore } from "../src/local/folder-store.ts";
import { packageFile } from "../src/package-file.ts";
import { type LoadedPolicy, loadPolicy } from "../src/policy/load.ts";
import { startSimulator } from "../test/simulator/server.ts";
import { startClockAt } from "../test/simulator/shifted-date.ts";
import { DEMO_ACCOUNTS, demoWorld } from "../test/simulator/worlds/demo/index.ts";
import { enterSimulatedAws } from "./environment.ts";
import { changeOrganization, missedNights, narrowedAfter } from "./story.ts";

/** The first night. It is the same on every day, so that the store is, too. 90 nights end with 2026-09-30. */
const firstNight = Date.parse("2026-07-03T02:00:00.000Z");
const dayMs = 86_400_000;
/** How long an audit of the whole organization takes in Example Corp. */
const auditMs = 48_000;

/** The first and the last day of a period of so many nights, in UTC. */
export function periodOf(nights: number): { readonly from: string; readonly to: string } {
  const first = firstNight / dayMs;
  return { from: writeDay(Math.floor(first)), to: writeDay(Math.floor(first) + nights - 1) };
}

/**
 * Audits the simulated organization night after night and stores the audits in a folder. The same number of nights
 * gives the same files.
 *
 * @param onNight called after each night
 * @returns how many audits are stored
 * @throws StoreError if the folder cannot be written to
 */
export async function auditNights(
  folder: string,
  nights: number,
  topicArn: string,
  onNight: (night: number) => void,
): Promise<number> {
  const world = demoWorld(new Date(firstNight));
  // Nothing waits: these audits are many.
  world.faults = world.faults.filter(({ effect }) => !["delay", "throttle"].includes(effect.kind));
  let now = new Date(firstNight);
  await using simulator = await startSimulator(world, { clock: () => now, recordCalls: false });
  const environment = enterSimulatedAws(simulator.env, {
    AUDIT_TOPIC_ARN: topicArn,
    AUDIT_EVENT_BUS: "pull-through-auditor",
    AUDIT_CONFIRM_AFTER_SECONDS: "0",
    AUDIT_STORE: folder,
  });
  const settings = readSettings(environment);
  const policies = await policiesOf(new Date(firstNight));
  let audits = 0;
  for (let night = 1; night <= nights; night += 1) {
    now = new Date(firstNight + (night - 1) * dayMs);
    changeOrganization(world, night, now);
    const policy = policies.findLast(({ from }) => from <= night)?.policy;
    if (policy === undefined) throw new Error(`Night ${night} has no policy`);
    if (!missedNights.has(night)) {
      await auditAt(now, wholeScope("schedule"), policy, settings);
      audits += 1;
    }
    if (narrowedAfter.has(night)) {
      now = new Date(now.getTime() + 9 * 3_600_000);
      const request = {
        trigger: "event",
        accounts: [DEMO_ACCOUNTS.sandbox],
        regions: null,
        prefixes: null,
      } as const;
      await auditAt(now, request, policy, settings);
      audits += 1;
    }
    onNight(night);
  }
  return audits;
}

/** One audit, at a time that stands still: what it stores depends on nothing else. */
async function auditAt(
  time: Date,
  request: AuditRequest,
  policy: LoadedPolicy,
  settings: Settings,
): Promise<void> {
  // For the SDK, whose sessions would have ended long ago.
  using _clock = startClockAt(time.toISOString());
  const clock: Clock = { ...systemClock, now: () => new Date(time) };
  const defaults = clientDefaults(settings.concurrency, settings.requestTimeoutSeconds * 1_000);
  const sources = await connect(defaults, roleOf(settings), pacingOf(settings), { listsOrganization: true });
  const store = folderStore(settings.store ?? "");
  const stored = await loadState(store);
  const evaluation = await evaluateScope(request, policy.policy, sources, clock, {
    ...readOptions(settings),
    includePassing: false,
    onProgress: () => undefined,
    missed: stored?.state.missed ?? {},
    knownChanges: stored?.state.changes ?? [],
    earlier: stored?.state ?? null,
  });
  const stamp = time.toISOString().replace(/[-:]|\.\d+/g, "");
  const head = {
    auditId: `${stamp}-${sha256Of(stamp).slice(0, 8)}`,
    trigger: request.trigger,
    startedAt: time,
    finishedAt: new Date(time.getTime() + (request.accounts === null ? auditMs : auditMs / 8)),
  };
  await finalize(evaluation, head, policy, {
    store,
    stored,
    clock,
    renderFiles,
    dryRun: false,
    notify: null,
    notifiers: openNotifiers(settings, defaults, sources.identity),
  });
}

type PolicyFrom = { readonly from: number; readonly policy: LoadedPolicy };

/** The policies of the period: one night somebody accepts a rule for a while, another night tokens must be younger. */
async function policiesOf(first: Date): Promise<readonly PolicyFrom[]> {
  const text = await readFile(packageFile("demo/policy.json"), "utf8");
  const waiver = {
    check: "allowed-upstream",
    accounts: [DEMO_ACCOUNTS.logisticsProd],
    reason: "The carrier's images come from its own Azure registry until the move to Quay is done",
    owner: "team-logistics",
    ticket: "LOG-402",
    expires: writeDay(Math.floor(first.getTime() / dayMs) + 73),
  };
  const accepting = text.replace('"waivers": [', `"waivers": [\n    ${JSON.stringify(waiver)},`);
  const stricter = accepting.replace('"maxAgeDays": 365', '"maxAgeDays": 180');
  const policies = [
    { from: 1, text },
    { from: 24, text: accepting },
    { from: 60, text: stricter },
  ];
  return policies.map(({ from, text: content }) => ({
    from,
    policy: loadPolicy(content, `the demo's policy of night ${from}`, checkIds),
  }));
}
