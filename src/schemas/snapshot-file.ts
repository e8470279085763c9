import * as z from "zod";
import {
  accountIdSchema,
  accountOrAllSchema,
  regionOrAllSchema,
  regionSchema,
  targetSchema,
} from "../ecr/target.ts";
import { snapshotSchema } from "../facts/snapshot.ts";
import { excludedAccountSchema, triggerSchema } from "./report.ts";

/** The version of the snapshot file's schema. */
export const SNAPSHOT_FILE_SCHEMA_VERSION = 1;

const listOf = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).readonly().nullable();

/** The schema of a snapshot in a file. Its account and region become parts of paths and of output. */
export const recordedSnapshotSchema = snapshotSchema.extend({
  target: targetSchema.extend({ account: accountOrAllSchema, region: regionOrAllSchema }),
});

/** The schema of {@link SnapshotFile}. */
export const snapshotFileSchema = z.strictObject({
  schemaVersion: z.literal(SNAPSHOT_FILE_SCHEMA_VERSION),
  collectedAt: z.iso.datetime({ error: "must be a time such as 2026-11-20T02:00:00.000Z" }),
  request: z
    .strictObject({
      trigger: triggerSchema,
      accounts: listOf(accountIdSchema),
      regions: listOf(regionSchema),
      prefixes: listOf(z.string()),
    })
    .describe("The request of the audit. If it was narrowed, only that part can be evaluated."),
  excludedAccounts: z.array(excludedAccountSchema).readonly(),
  registries: z.array(recordedSnapshotSchema).readonly(),
});

/** All facts that an audit read, not evaluated. `--snapshot-out` writes this file, and `evaluate` reads it. */
export type SnapshotFile = Readonly<z.infer<typeof snapshotFileSchema>>;
