import * as z from "zod";
import { checkIds } from "../../checks/index.ts";
import { parseJson, parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError, type Problem } from "../../core/problem.ts";
import { accountIdSchema, auditIdSchema, regionSchema, type Target, targetSchema } from "../../ecr/target.ts";
import { type LoadedPolicy, loadPolicy } from "../../policy/load.ts";
import { notificationsSchema } from "../../policy/sections/notifications.ts";
import { excludedAccountSchema } from "../../schemas/report.ts";
import { recordedSnapshotSchema, snapshotFileSchema } from "../../schemas/snapshot-file.ts";
import { formerPrefixesSchema, lastPartsSchema } from "../../schemas/state.ts";
import { StoreError } from "../ports.ts";
import type { StorageLocation } from "../state/store.ts";
import { JSON_TYPE } from "../state/store.ts";

/** The address of an S3 object. */
type ObjectAddress = { readonly bucket: string; readonly key: string };

/** The part of the store through which the fleet's functions exchange files. Each method throws StoreError. */
export type FleetStorage = StorageLocation & {
  /** The address of a file, for the state machine. */
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
  formerPrefixes: formerPrefixesSchema.default({}).describe("From the state when the audit was planned."),
  lastParts: lastPartsSchema.default({}).describe("From the state when the audit was planned."),
  notify: notificationsSchema.shape.when.unwrap().nullable(),
  policy: z
    .strictObject({ source: z.string(), text: z.string() })
    .describe("The policy when the audit was planned. The whole audit uses it, even if the file changes."),
});

/** What all functions of the fleet must know about their common audit. */
export type FleetAudit = Readonly<z.infer<typeof fleetAuditSchema>>;

/** The schema of {@link PlanOutcome}. */
export const planOutcomeSchema = z.strictObject({
  excludedAccounts: z.array(excludedAccountSchema).readonly(),
  unreachable: z.array(recordedSnapshotSchema).readonly(),
});

/** What is known after planning: excluded accounts and unreachable registries. */
export type PlanOutcome = Readonly<z.infer<typeof planOutcomeSchema>>;

/** The schema of the registries to read. */
export const targetsSchema = z
  .array(targetSchema.extend({ account: accountIdSchema, region: regionSchema }))
  .readonly();

/** The schema of what was read of one batch of them. */
export const batchSchema = z.strictObject({ registries: z.array(recordedSnapshotSchema).readonly() });

/** The paths of a fleet audit's files in the store. */
export function pathsOf(auditId: string) {
  const folder = `fleet/${auditId}`;
  return {
    audit: `${folder}/audit.json`,
    planOutcome: `${folder}/foreknown.json`,
    targets: `${folder}/targets.json`,
    batches: `${folder}/batches`,
    /** Each registry is in one batch, so the first registry identifies the batch: a retry overwrites the file. */
    batch: ({ account, region }: Pick<Target, "account" | "region">) =>
      `${folder}/batches/${account}-${region}.json`,
    /** The results of the batches, written by Step Functions. */
    results: `${folder}/results`,
  } as const;
}

/** Writes a file of the fleet. @throws StoreError */
export async function writeFleetFile(storage: FleetStorage, path: string, value: unknown): Promise<void> {
  await storage.write(path, JSON.stringify(value), JSON_TYPE);
}

/**
 * Reads a file of the fleet.
 *
 * @throws StoreError if it cannot be read, does not exist, or does not match `schema`
 */
export async function readFleetFile<Schema extends z.ZodType>(
  storage: FleetStorage,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const location = storage.locate(path);
  const file = await storage.read(path);
  if (file === null) throw new StoreError(`${location} does not exist (any more). Start the audit again.`);
  try {
    return parseStrictly(schema, parseJson(file.text, location), location);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new StoreError(
      `${location} is damaged or from another version. Start the audit again.\n${first(error.problems)}`,
    );
  }
}

function first([problem]: readonly Problem[]): string {
  return problem === undefined ? "" : `  ${problem.path} ${problem.message}`;
}

/** A planned audit and its policy. */
export type OpenedAudit = { readonly audit: FleetAudit; readonly policy: LoadedPolicy };

/**
 * Opens a planned audit.
 *
 * @throws StoreError if it cannot be read
 * @throws ConfigurationError if this version of the auditor cannot use its policy
 */
export async function openFleetAudit(auditId: string, storage: FleetStorage): Promise<OpenedAudit> {
  const audit = await readFleetFile(storage, pathsOf(auditId).audit, fleetAuditSchema);
  return { audit, policy: loadPolicy(audit.policy.text, audit.policy.source, checkIds) };
}
