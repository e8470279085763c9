import { readFile, stat } from "node:fs/promises";
import { type AuditStore, CannotStartError, RequestError, StoreError } from "../audit/ports.ts";
import { parseReport } from "../audit/report/report-file.ts";
import { LATEST_AUDIT } from "../audit/state/store.ts";
import { clientDefaults } from "../aws/http.ts";
import { readPolicyObject } from "../aws/s3/policy-object.ts";
import { messageOf } from "../core/errors.ts";
import type { AuditRecord } from "../schemas/history.ts";
import type { Report } from "../schemas/report.ts";
import { locationProblem } from "./location.ts";
import type { Settings } from "./settings.ts";
import { openStore } from "./wire.ts";

/** The stored audits. Its methods throw CannotStartError if they cannot be read. */
export type History = {
  /** The figures of the latest audits, newest first. */
  readonly records: () => Promise<readonly AuditRecord[]>;
  /**
   * A report by its audit id, by `latest` or `previous` (the last two audits of the whole scope), or by the location of its
   * `report.json`; `null` if there is none.
   */
  readonly report: (reference: string) => Promise<Report | null>;
};

/**
 * Opens the stored audits. If the settings name no store, only report files can be read.
 *
 * @throws RequestError from the methods that need a store
 */
export function openHistory(settings: Settings): History {
  const defaults = clientDefaults(4, settings.requestTimeoutSeconds * 1_000);
  const store = settings.store === null ? null : openStore(settings.store, defaults);
  const fromStore = <Answer>(read: (store: AuditStore) => Promise<Answer>) =>
    orCannotStart(async () => {
      if (settings.store === null || store === null) {
        throw new RequestError(["no store is set: use --store or AUDIT_STORE"]);
      }
      await refuseMissing(settings.store);
      return read(store);
    });
  const recordsIn = async (opened: AuditStore) =>
    (await opened.readState())?.state.history.toReversed() ?? [];
  return {
    records: () => fromStore(recordsIn),
    report: (reference) =>
      isStorageLocation(reference)
        ? orCannotStart(async () => parseReport(await readText(reference), reference))
        : fromStore(async (opened) => {
            const position = wholeScopeNames.indexOf(reference);
            if (position === -1) return opened.readReport(reference);
            const whole = (await recordsIn(opened)).filter(({ wholeScope }) => wholeScope)[position];
            if (whole !== undefined) return opened.readReport(whole.auditId);
            // Stores of older versions have no history.
            return reference === LATEST_AUDIT ? opened.readReport(reference) : null;
          }),
  };

  async function readText(storage: string): Promise<string> {
    const problem = locationProblem(storage);
    if (problem !== null) throw new RequestError([`${storage} ${problem}`]);
    try {
      return storage.startsWith("s3://")
        ? await readPolicyObject(storage, defaults)
        : await readFile(storage, "utf8");
    } catch (error) {
      throw new StoreError(`${storage} could not be read: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** The names of the last audits of the whole scope, newest first. */
const wholeScopeNames = [LATEST_AUDIT, "previous"];

/**
 * A folder that does not exist would read like a store without audits.
 *
 * @throws StoreError if there is no such folder
 */
export async function refuseMissing(location: string): Promise<void> {
  if (location.startsWith("s3://")) return;
  try {
    if ((await stat(location)).isDirectory()) return;
  } catch (error) {
    throw new StoreError(`The store ${location} could not be read: ${messageOf(error)}`, { cause: error });
  }
  throw new StoreError(`The store ${location} could not be read: it is a file, and a store is a folder`);
}

/** Whether the reference is the location of a file, and not an audit id. */
function isStorageLocation(reference: string): boolean {
  return reference.startsWith("s3://") || /[/\\.]/.test(reference);
}

/** Reads a store. @throws CannotStartError if the store cannot be read */
export async function orCannotStart<Answer>(read: () => Promise<Answer>): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreError) throw new CannotStartError(error.message, { cause: error });
    throw error;
  }
}
