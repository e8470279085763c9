import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { recordingOf } from "../audit/recording.ts";
import type { AuditRequest } from "../audit/request.ts";
import { messageOf } from "../aws/errors.ts";
import { writeFileAtomically } from "../local/atomic-file.ts";
import type { Report } from "../model/report.ts";
import type { RegistrySnapshot } from "../model/snapshot.ts";
import { safeJson } from "../render/escape/json.ts";
import { UsageError } from "./usage-error.ts";

/** Keeps what an audit reads until it is done, and then writes it to a file. */
export type SnapshotFile = {
  readonly add: (snapshot: RegistrySnapshot) => void;
  readonly write: (request: AuditRequest, report: Report) => Promise<void>;
};

/**
 * Opens the file that `--snapshot-out` names.
 *
 * @throws UsageError at once when its folder can not be written to, and not only when the audit is done
 */
export async function openSnapshotFile(path: string): Promise<SnapshotFile> {
  const snapshots: RegistrySnapshot[] = [];
  await orRefuse(path, access(dirname(path), constants.W_OK));
  return {
    add: (snapshot) => {
      snapshots.push(snapshot);
    },
    write: async (request, report) => {
      const text = safeJson(recordingOf(request, report, snapshots), 1);
      await orRefuse(path, writeFileAtomically(path, `${text}\n`));
    },
  };
}

async function orRefuse(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw new UsageError(`--snapshot-out ${path}: ${messageOf(error)}`);
  }
}
