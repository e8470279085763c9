import { expect, vi } from "vitest";
import { readSettings } from "../../../src/app/settings.ts";
import { wire } from "../../../src/app/wire.ts";
import type { NotifyWhen } from "../../../src/audit/deliver/routing.ts";
import { type AuditRequest, wholeScope } from "../../../src/audit/plan/request.ts";
import { renderJson } from "../../../src/formats/json.ts";
import type { Report } from "../../../src/schemas/report.ts";
import type { RecordedCall } from "../../simulator/ledger.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import type { World } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { makePolicyFolder } from "./policy-folder.ts";
import { schemaProblems } from "./report-schema.ts";

/** How an audit is staged, where it is not as usual. */
export type Staging = {
  /** The simulator's time, which may depend on what it was asked so far. */
  readonly clock?: (calls: readonly RecordedCall[]) => Date;
  /** What sets the policy apart from one for the whole organization that allows every upstream. */
  readonly policy?: Partial<PolicyFile>;
  /** Variables of the environment; `undefined` takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether the hub's credentials come from an endpoint that has new ones. False by default. */
  readonly hasNewCredentials?: boolean;
};

/** A simulated AWS, with this process's environment set so that the auditor arrives there. */
export type Stage = AsyncDisposable & {
  readonly simulator: Simulator;
  /** The path of the policy file. */
  readonly policyFile: string;
  /** Audits as the product does, whatever the request leaves open; the report keeps to its schema. */
  readonly audit: (request?: Partial<AuditRequest>, options?: AuditExtras) => Promise<Report>;
  /** Audits and delivers to the notifiers of the environment. @throws the delivery error */
  readonly deliverReport: (
    notify?: NotifyWhen,
    request?: Partial<AuditRequest>,
    timeLeft?: () => number,
  ) => Promise<Report>;
  /** The calls of one operation, in the order in which they came. */
  readonly callsOf: (operation: string) => readonly RecordedCall[];
};

type AuditExtras = {
  readonly includePassing?: boolean;
  /** How long the audit may still take, in milliseconds. */
  readonly timeLeft?: () => number;
};

/** Failed validations are asked again at once, so that no test waits; time limits are such that none is met. */
const usualEnvironment = { AUDIT_CONFIRM_AFTER_SECONDS: "0", AUDIT_REQUEST_TIMEOUT_SECONDS: "20" };

/** Starts a simulator of `world` and turns this process's environment to it until the stage is disposed of. */
export async function setStage(world: World, staging: Staging = {}): Promise<Stage> {
  const { clock = () => new Date(), policy, environment = {}, hasNewCredentials = false } = staging;
  const files = await makePolicyFolder(policy);
  const { policyFile } = files;
  let calls: readonly RecordedCall[] = [];
  const simulator = await startSimulator(world, { clock: () => clock(calls) });
  calls = simulator.calls;
  const source = hasNewCredentials ? simulator.containerEnv : {};
  const variables = {
    ...simulator.env,
    ...source,
    AUDIT_POLICY: policyFile,
    ...usualEnvironment,
    ...environment,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  // The SDK draws its pauses between attempts at random, up to seconds: here it always draws none.
  const random = vi.spyOn(Math, "random").mockReturnValue(0);
  return {
    simulator,
    policyFile,
    audit: (request = {}, extras = {}) => run(request, { includePassing: true, publish: false, ...extras }),
    deliverReport: (notify, request = {}, timeLeft = () => Number.POSITIVE_INFINITY) =>
      run(request, { includePassing: true, publish: true, notify, timeLeft }),
    callsOf: (operation) => simulator.calls.filter((call) => call.operation === operation),
    [Symbol.asyncDispose]: async () => {
      random.mockRestore();
      vi.unstubAllEnvs();
      await simulator.close();
      await files[Symbol.asyncDispose]();
    },
  };
}

type Running = {
  readonly includePassing: boolean;
  readonly publish: boolean;
  readonly notify?: NotifyWhen | undefined;
  readonly timeLeft?: () => number;
};

async function run(request: Partial<AuditRequest>, { notify, ...options }: Running): Promise<Report> {
  const auditor = await wire(readSettings(process.env));
  const { report, failure } = await auditor.run(
    { ...wholeScope("schedule"), ...request },
    { ...options, dryRun: false, notify: notify ?? null, onProgress: () => undefined },
  );
  expect(schemaProblems(JSON.parse(renderJson(report)))).toEqual([]);
  if (failure !== null) throw failure;
  return report;
}
