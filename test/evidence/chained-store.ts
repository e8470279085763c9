import type { StoredFiles } from "../../src/audit/ports.ts";
import { recordOf } from "../../src/audit/report/history.ts";
import { chained } from "../../src/audit/state/chain.ts";
import { persistState } from "../../src/audit/state/persist-state.ts";
import { type StorageLocation, storeIn } from "../../src/audit/state/store.ts";
import { sha256Of } from "../../src/core/ids.ts";
import { renderJson } from "../../src/formats/json.ts";
import type { Report } from "../../src/schemas/report.ts";
import type { AuditState } from "../../src/schemas/state.ts";
import { aReport } from "../support/report-builders.ts";
import { aState } from "../support/state-builders.ts";

/** Files in memory, as a store writes them and as `evidence` reads them. */
export function memoryFiles() {
  const files = new Map<string, Buffer>();
  const locate = (path: string) => `/store/${path}`;
  const read: StorageLocation["read"] = async (path) => {
    const bytes = files.get(path);
    return bytes === undefined ? null : { text: bytes.toString(), version: sha256Of(bytes) };
  };
  const write = (path: string, text: string) => files.set(path, Buffer.from(text));
  const location: StorageLocation = {
    name: "/store",
    locate,
    read,
    write: async (path, text) => {
      write(path, text);
    },
    replace: async (path, text, version) => {
      if (((await read(path))?.version ?? null) !== version) return false;
      write(path, text);
      return true;
    },
  };
  const reads: string[] = [];
  const stored: StoredFiles = {
    name: "/store",
    locate,
    async *list(folder) {
      yield* [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).toSorted();
    },
    read: async (path) => {
      reads.push(path);
      return files.get(path) ?? null;
    },
  };
  return { files, stored, reads, store: storeIn(location, renderJson) };
}

/** A page and a policy as they are stored beside a report. */
const beside = [
  { name: "report.html", contentType: "text/html", text: "<p>é" },
  { name: "policy.json", contentType: "application/json", text: '{ "version": 1 }' },
];

/**
 * One audit's steps on a store, each apart, so that audits can run at once, and end before they wrote the state. The
 * auditor's own functions store the report and the state.
 */
export function anAudit({ store }: ReturnType<typeof memoryFiles>, number: number, startedAt: Date) {
  const time = startedAt.toISOString();
  const auditId = `${time.replace(/[-:]|\.\d+/g, "")}-${number.toString(16).padStart(8, "0")}`;
  let stored: Awaited<ReturnType<typeof store.readState>> = null;
  let link: { report: Report; sha256: string; replaced: Report["previous"] } | null = null;
  return {
    auditId,
    start: async () => {
      stored = await store.readState();
    },
    /** @param run an audit that is continued after it failed stores its report again, with another time at its end */
    keep: async (run = 0) => {
      const finishedAt = new Date(startedAt.getTime() + run * 60_000).toISOString();
      const report = chained(
        aReport({ auditId, startedAt: time, finishedAt }),
        stored?.state ?? null,
        beside,
      );
      link = { report, ...(await store.keepReport(report, beside)) };
    },
    end: async () => {
      if (link === null) return;
      const { report } = link;
      const record = recordOf(report, true, `/store/audits/${auditId}`);
      const { pending: _owed, history: _past, chain: _end, ...next } = aState({ auditId, updatedAt: time });
      const compareWith = (_state: AuditState | null) => ({ next, addressees: [] });
      await persistState({ store, stored, deliveries: [], record, link, compareWith });
    },
  };
}
