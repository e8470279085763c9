import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSettings } from "../../src/app/settings.ts";
import { wire } from "../../src/app/wire.ts";
import type { FinalizedAudit } from "../../src/audit/options.ts";
import { type AuditRequest, wholeScope } from "../../src/audit/plan/request.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";
import type { RecordedCall } from "../simulator/ledger.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { asSeen } from "./oracle/ledger.ts";
import { putPulls } from "./pulls.ts";
import { areTopicsHeard, type Scenario } from "./scenario.ts";

/** One audit as it went. */
export type Played = {
  readonly end: { readonly finalized: FinalizedAudit } | { readonly error: unknown };
  /** Each registry that was reported as read, as `account region`. */
  readonly read: readonly string[];
  readonly progress: { readonly planned: number; readonly read: number };
  readonly calls: readonly RecordedCall[];
  /** Whether somebody had confirmed a subscription of every topic. */
  readonly isHeard: boolean;
  /** The digests and events that were delivered. */
  readonly delivered: { readonly digests: number; readonly eventTypes: readonly string[] };
};

/** What an audit is asked for. */
type Asked = { readonly request: AuditRequest; readonly changes: readonly ObservedChange[] };

/** An audit: what it is asked for, once the world is as it has to be before it. */
export type Audit = () => Asked;

/** The audit of a night. */
export const night: Audit = () => ({ request: wholeScope("schedule"), changes: [] });

/** The time of an audit without silent notifiers, in milliseconds: more than it ever takes. */
const plenty = 900_000;

/** The time limit of one audit, in milliseconds: many times what any of these takes. */
const timeLimitMs = 240_000;

/**
 * Audits a scenario's world several times in a row, as the scheduled function would, and inspects each audit when it
 * ends. Changes this process's environment.
 *
 * @returns what was left behind: calls after the end, and handles that keep the process alive
 */
export async function play(
  { world, policy, settings, silent, pulls }: Scenario,
  audits: readonly Audit[],
  look: (played: Played, simulator: Simulator) => void,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "fuzz-"));
  const before = process.getActiveResourcesInfo();
  const simulator = await startSimulator(world);
  putPulls(simulator, pulls, new Date());
  try {
    const policyFile = join(folder, "policy.json");
    await writeFile(policyFile, JSON.stringify(policy));
    setEnvironment({ ...simulator.env, ...settings, AUDIT_POLICY: policyFile });
    for (const before of audits) look(await auditOnce(simulator, silent, before()), simulator);
    const calls = simulator.calls.length;
    const left = await handlesLeft([...before, "TCPServerWrap", ...openSockets()]);
    const late = simulator.calls.length - calls;
    return late === 0 ? left : [...left, `${late} calls were made after the audit had ended`];
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true });
  }
}

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) {
    if (/^(AUDIT|AWS)_|_PROXY$/i.test(name)) delete process.env[name];
  }
  const nowhere = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  Object.assign(process.env, nowhere, variables);
}

async function auditOnce(
  simulator: Simulator,
  silent: readonly string[],
  { request, changes }: Asked,
): Promise<Played> {
  const [firstCall, firstDigest, firstEvent] = [
    simulator.calls.length,
    simulator.published.length,
    simulator.events.length,
  ];
  const isHeard = areTopicsHeard(simulator.world);
  const read: string[] = [];
  let progress = { planned: 0, read: 0 };
  const run = async (): Promise<Played["end"]> => {
    try {
      const auditor = await wire(readSettings(process.env));
      const finalized = await auditor.run(request, {
        changes,
        includePassing: true,
        publish: true,
        dryRun: false,
        notify: null,
        timeLeft: () => (isUnanswered(simulator.calls.slice(firstCall), silent) ? 0 : plenty),
        onProgress: ({ planned, read }) => {
          progress = { planned, read };
        },
        onSnapshot: ({ target: { account, region } }) => read.push(`${account} ${region}`),
      });
      return { finalized };
    } catch (error) {
      return { error };
    }
  };
  const end = await withinTimeLimit(run());
  return {
    end,
    read,
    progress,
    calls: simulator.calls.slice(firstCall).map(asSeen),
    isHeard,
    delivered: {
      digests: simulator.published.length - firstDigest,
      eventTypes: simulator.events.slice(firstEvent).map(({ detailType }) => detailType),
    },
  };
}

/** The maximum response time of an answered call, in milliseconds. */
const slowest = 800;

/** Whether a call of these operations gets no answer. */
function isUnanswered(calls: readonly RecordedCall[], operations: readonly string[]): boolean {
  return calls.some(
    ({ operation, httpStatus, startedAt }) =>
      operations.includes(operation) && httpStatus === undefined && performance.now() - startedAt > slowest,
  );
}

async function withinTimeLimit(end: Promise<Played["end"]>): Promise<Played["end"]> {
  const stop = new AbortController();
  const never = sleep(
    timeLimitMs,
    { error: new Error(`The audit did not end within ${timeLimitMs} ms.`) },
    stop,
  );
  try {
    return await Promise.race([end, never]);
  } finally {
    stop.abort();
    await never.catch(() => undefined);
  }
}

/** The sockets of the simulator's end; idle ones of the auditor's end keep no process alive. */
function openSockets(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap");
}

/** The handles beyond those allowed that would keep this process alive, given a moment to be closed. */
async function handlesLeft(allowed: readonly string[]): Promise<readonly string[]> {
  let left: readonly string[] = [];
  for (let tries = 0; tries < 400; tries += 1) {
    left = beyond(process.getActiveResourcesInfo(), allowed);
    if (left.length === 0) return [];
    await sleep(25, undefined, { ref: false });
  }
  return left.map((kind) => `a handle is left open: ${kind}`);
}

function beyond(kinds: readonly string[], allowed: readonly string[]): readonly string[] {
  const rest = [...allowed];
  return kinds.filter((kind) => {
    const index = rest.indexOf(kind);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
