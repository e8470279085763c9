import { recordingOf } from "../audit/recording.ts";
import type { AuditRequest } from "../audit/request.ts";
import { messageOf } from "../aws/errors.ts";
import type { Report } from "../model/report.ts";
import type { RegistrySnapshot } from "../model/snapshot.ts";
import { safeJson } from "../render/escape/json.ts";
import { OutputError, tryOutput, writeOutput } from "./output-file.ts";
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
  try {
    await tryOutput(path);
  } catch (error) {
    throw new UsageError(`--snapshot-out ${path}: ${messageOf(error)}`);
  }
  return {
    add: (snapshot) => {
      snapshots.push(snapshot);
    },
    write: async (request, report) => {
      const text = safeJson(recordingOf(request, report, snapshots), 1);
      try {
        await writeOutput(path, `${text}\n`);
      } catch (error) {
        throw new OutputError(`--snapshot-out ${path}: ${messageOf(error)}`);
      }
    },
  };
}
