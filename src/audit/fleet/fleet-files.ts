import * as z from "zod";
import { checkIds } from "../../checks/index.ts";
import { parseJson, parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError, type Problem } from "../../core/problem.ts";
import { accountIdSchema, auditIdSchema, regionSchema, type Target, targetSchema } from "../../ecr/target.ts";
import { type LoadedPolicy, loadPolicy } from "../../policy/load.ts";
import { notificationsSchema } from "../../policy/sections/notifications.ts";
import { excludedAccountSchema } from "../../schemas/report.ts";
import { recordedSnapshotSchema, snapshotFileSchema } from "../../schemas/snapshot-file.ts";
import { StoreError } from "../ports.ts";
import type { StorageLocation } from "../state/store.ts";
import { JSON_TYPE } from "../state/store.ts";

/** Where an object stands, for those who are told its bucket and key. */
type ObjectAddress = { readonly bucket: string; readonly key: string };

/** Where the functions of a fleet hand each other their work: part of the store. Each method throws StoreError. */
export type FleetStorage = StorageLocation & {
  /** Where the state machine finds a file. */
  readonly addressOf: (path: string) => ObjectAddress;
  /** The paths of all files in a folder and below it. */
  readonly list: (folder: string) => AsyncIterable<string>;
};

/** The schema of {@link FleetAudit}. */
const fleetAuditSchema = z.strictObject({
  auditId: auditIdSchema,
  startedAt: z.iso.datetime(),
  request: snapshotFileSchema.shape.request,
  dryRun: z.boolean(),
  notify: notificationsSchema.shape.when.unwrap().nullable(),
  policy: z
    .strictObject({ source: z.string(), text: z.string() })
    .describe(
      "As it was when the audit was planned: the whole audit goes by it, whatever becomes of the file.",
    ),
});

/** What all functions of a fleet must know of the audit that they carry out together. */
export type FleetAudit = Readonly<z.infer<typeof fleetAuditSchema>>;

/** The schema of {@link Foreknown}. */
export const planOutcomeSchema = z.strictObject({
  excludedAccounts: z.array(excludedAccountSchema).readonly(),
  unreachable: z.array(recordedSnapshotSchema).readonly(),
});

/** What planning found out by itself. */
export type PlanOutcome = Readonly<z.infer<typeof planOutcomeSchema>>;

/** The schema of the registries to read. */
export const targetsSchema = z
  .array(targetSchema.extend({ account: accountIdSchema, region: regionSchema }))
  .readonly();

/** The schema of what was read of one batch of them. */
export const batchSchema = z.strictObject({ registries: z.array(recordedSnapshotSchema).readonly() });

/** Where the work of an audit lies in the store. */
export function pathsOf(auditId: string) {
  const folder = `fleet/${auditId}`;
  return {
    audit: `${folder}/audit.json`,
    planOutcome: `${folder}/foreknown.json`,
    targets: `${folder}/targets.json`,
    batches: `${folder}/batches`,
    /** Each registry is in one batch, so that its first one names it: read again, a batch is written over. */
    batch: ({ account, region }: Pick<Target, "account" | "region">) =>
      `${folder}/batches/${account}-${region}.json`,
    /** What Step Functions says of the batches. */
    results: `${folder}/results`,
  } as const;
}

/** Writes a file of work. @throws StoreError */
export async function writeFleetFile(storage: FleetStorage, path: string, value: unknown): Promise<void> {
  await storage.write(path, JSON.stringify(value), JSON_TYPE);
}

/**
 * Reads a file of work.
 *
 * @throws StoreError when it can not be read, is not there, or is not as the auditor writes it
 */
export async function readFleetFile<Schema extends z.ZodType>(
  storage: FleetStorage,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const location = storage.locate(path);
  const file = await storage.read(path);
  if (file === null) throw new StoreError(`${location} is not there, or no longer. Start the audit anew.`);
  try {
    return parseStrictly(schema, parseJson(file.text, location), location);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new StoreError(
      `${location} is not as the auditor writes it. Start the audit anew.\n${first(error.problems)}`,
    );
  }
}

function first([problem]: readonly Problem[]): string {
  return problem === undefined ? "" : `  ${problem.path} ${problem.message}`;
}

/** An audit that was planned, and the policy that it goes by. */
export type OpenedAudit = { readonly audit: FleetAudit; readonly policy: LoadedPolicy };

/**
 * Opens an audit that was planned.
 *
 * @throws StoreError when it can not be read
 * @throws ConfigurationError when this auditor can not use its policy, which one of another version could
 */
export async function openFleetAudit(auditId: string, storage: FleetStorage): Promise<OpenedAudit> {
  const audit = await readFleetFile(storage, pathsOf(auditId).audit, fleetAuditSchema);
  return { audit, policy: loadPolicy(audit.policy.text, audit.policy.source, checkIds) };
}
