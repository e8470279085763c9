import * as z from "zod";
import { registryKey } from "../../ecr/registry.ts";
import { type Target, targetSchema } from "../../ecr/target.ts";
import { type Unreadable, unreadable } from "../../facts/evidence.ts";
import type { FleetStorage } from "./fleet-files.ts";

/** What Step Functions reports about a failed batch. Hostile text. */
type Failure = { readonly error: string; readonly cause: string };

/** Why the batches of registries failed, by {@link registryKey}. */
export type BatchFailures = ReadonlyMap<string, Failure>;

/**
 * A failed batch as the ResultWriter of a Distributed Map writes it: each file `FAILED_<n>.json` has a list of them
 * (AWS Step Functions developer guide, "ResultWriter (Map)", November 2026).
 */
const failedExecutionSchema = z.looseObject({
  Input: z.string(),
  Error: z.string().default(""),
  Cause: z.string().default(""),
});

const inputSchema = z.looseObject({ Items: z.array(targetSchema) });

/**
 * Reads why batches failed, as far as Step Functions recorded it. The result only adds detail to gaps: records that are
 * missing or have another shape are ignored.
 *
 * @throws StoreError
 */
export async function readBatchFailures(storage: FleetStorage, folder: string): Promise<BatchFailures> {
  const batchFailures = new Map<string, Failure>();
  for await (const path of storage.list(folder)) {
    if (!/\/FAILED_\d+\.json$/.test(path)) continue;
    const file = await storage.read(path);
    for (const { targets, failure } of failuresIn(file?.text ?? "[]")) {
      for (const target of targets) batchFailures.set(registryKey(target), failure);
    }
  }
  return batchFailures;
}

type FailedBatch = { readonly targets: readonly Target[]; readonly failure: Failure };

function failuresIn(text: string): readonly FailedBatch[] {
  const executions = z.array(z.unknown()).safeParse(jsonOf(text)).data ?? [];
  return executions.flatMap((execution): readonly FailedBatch[] => {
    const failed = failedExecutionSchema.safeParse(execution).data;
    const input = inputSchema.safeParse(jsonOf(failed?.Input ?? "")).data;
    if (failed === undefined || input === undefined) return [];
    return [{ targets: input.Items, failure: { error: failed.Error, cause: failed.Cause } }];
  });
}

/** The evidence for a planned registry that is in no batch file. */
export function batchFailureEvidence(target: Target, batchFailures: BatchFailures): Unreadable {
  const failure = batchFailures.get(registryKey(target));
  if (failure === undefined) {
    return unreadable(
      "service-error",
      readingOperation,
      "No function read it. See the execution of the state machine and its Map Run for the reason.",
    );
  }
  const { error, cause } = failure;
  const said = [error, messageIn(cause)].filter((text) => text !== "").join(": ");
  return unreadable(
    isTimeout(failure) ? "timeout" : "service-error",
    readingOperation,
    `The function that should read it failed: ${said}`,
  );
}

const readingOperation = "lambda:Invoke";

/** Whether Step Functions' or Lambda's time limit was exceeded. Step Functions reports the latter under two names. */
function isTimeout({ error, cause }: Failure): boolean {
  return error === "States.Timeout" || error === "Sandbox.Timedout" || /\bTask timed out after\b/.test(cause);
}

const lambdaErrorSchema = z.looseObject({ errorMessage: z.string() });

/** The error message of a failed function, which Lambda wraps in JSON. */
function messageIn(cause: string): string {
  return lambdaErrorSchema.safeParse(jsonOf(cause)).data?.errorMessage ?? cause;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
