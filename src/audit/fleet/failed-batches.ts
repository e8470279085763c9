import * as z from "zod";
import { registryKey } from "../../ecr/registry.ts";
import { type Target, targetSchema } from "../../ecr/target.ts";
import { type Unreadable, unreadable } from "../../facts/evidence.ts";
import type { FleetStorage } from "./fleet-files.ts";

/** What Step Functions tells of a batch that failed. Hostile text. */
type Failure = { readonly error: string; readonly cause: string };

/** Why registries were lost, by {@link registryKey}. */
export type BatchFailures = ReadonlyMap<string, Failure>;

/**
 * What the ResultWriter of a Distributed Map leaves of a batch that failed: a list of them stands in each file
 * `FAILED_<n>.json` (AWS Step Functions developer guide, "ResultWriter (Map)", November 2026).
 */
const failedExecutionSchema = z.looseObject({
  Input: z.string(),
  Error: z.string().default(""),
  Cause: z.string().default(""),
});

const inputSchema = z.looseObject({ Items: z.array(targetSchema) });

/**
 * Reads why batches failed, as far as Step Functions left word of it. That word is a help to people and nothing more:
 * where it is missing or not as expected, it is done without.
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

/** The evidence on a registry that was planned and of which no batch tells. */
export function batchFailureEvidence(target: Target, batchFailures: BatchFailures): Unreadable {
  const failure = batchFailures.get(registryKey(target));
  if (failure === undefined) {
    return unreadable(
      "service-error",
      readingOperation,
      "No function came to read it. The execution of the state machine, and its Map Run, tell why.",
    );
  }
  const { error, cause } = failure;
  const said = [error, messageIn(cause)].filter((text) => text !== "").join(": ");
  return unreadable(
    isTimeout(failure) ? "timeout" : "service-error",
    readingOperation,
    `The function that was to read it failed: ${said}`,
  );
}

const readingOperation = "lambda:Invoke";

/** By Step Functions' own limit, or by Lambda's, which it passes on under two names. */
function isTimeout({ error, cause }: Failure): boolean {
  return error === "States.Timeout" || error === "Sandbox.Timedout" || /\bTask timed out after\b/.test(cause);
}

const lambdaErrorSchema = z.looseObject({ errorMessage: z.string() });

/** What a function that failed said: Lambda wraps it in JSON. */
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
