import * as z from "zod";
import { sha256Of } from "../../core/ids.ts";
import { auditIdSchema } from "../../ecr/target.ts";
import { type ChainLink, chainLinkSchema } from "../../schemas/chain.ts";
import type { Report } from "../../schemas/report.ts";
import { type AuditStore, StoreError } from "../ports.ts";
import { pullStoreIn } from "../pulls/pull-store.ts";
import { parseReport, parseStored } from "../report/report-file.ts";
import { parseState, serialiseState } from "./state-file.ts";

/** Files by their paths, such as `audits/2026/11/20/…/report.json`: a bucket or a folder. Each method throws StoreError. */
export type StorageLocation = {
  /** Its name, for errors. */
  readonly name: string;
  /** The location of a file, for display. */
  readonly locate: (path: string) => string;
  /** A file's text and version; `null` if it does not exist. */
  readonly read: (path: string) => Promise<{ readonly text: string; readonly version: string } | null>;
  /** Writes a file, and overwrites an existing one. `evidence` is locked if the location locks anything. */
  readonly write: (path: string, text: string, contentType: string, kind?: "evidence") => Promise<void>;
  /** Writes a file only if it still has this version (`null`: does not exist). @returns false if it does not */
  readonly replace: (path: string, text: string, version: string | null) => Promise<boolean>;
};

/** The largest file that a store reads: many times the state of 20,000 registries, and still small for a Lambda function. */
const mostBytes = 128 * 1024 * 1024;

export const JSON_TYPE = "application/json";

export const statePath = "state.json";
export const pointerPath = "latest.json";

/** A store in a storage location: the state, a folder for each audit, and a pointer to the latest one. */
export function storeIn(storage: StorageLocation, renderReport: (report: Report) => string): AuditStore {
  return {
    name: storage.name,
    readState: async () => {
      const file = await storage.read(statePath);
      if (file === null) return null;
      return { state: parseState(file.text, storage.locate(statePath)), version: file.version };
    },
    writeState: async (state, version) => {
      const location = storage.locate(statePath);
      const text = serialiseState(state, location);
      // The next audit must be able to read the file.
      refuseTooLarge(Buffer.byteLength(text), location);
      return storage.replace(statePath, text, version);
    },
    keepReport: async (report, files) => {
      const folder = folderOf(report);
      const reportPath = `${folder}/report.json`;
      const text = renderReport(report);
      const [replaced] = await Promise.all([
        replacedBy(report, storage),
        storage.write(reportPath, text, JSON_TYPE, "evidence"),
        ...files.map(({ name, text, contentType }) =>
          storage.write(`${folder}/${name}`, text, contentType, "evidence"),
        ),
      ]);
      const location = storage.locate(reportPath);
      const sha256 = sha256Of(text);
      await storage.write(pointerPath, pointerTo(report, location, sha256), JSON_TYPE);
      return { location, sha256, replaced };
    },
    readReport: async (asked) => {
      const auditId = asked === LATEST_AUDIT ? await latestIn(storage) : asked;
      const path = auditId === null ? null : reportPathOf(auditId);
      const file = path === null ? null : await storage.read(path);
      return path === null || file === null ? null : parseReport(file.text, storage.locate(path));
    },
    pulls: pullStoreIn(storage),
  };
}

/** The reference to the latest stored audit. */
export const LATEST_AUDIT = "latest";

const pointerSchema = z.looseObject({ auditId: auditIdSchema });
const linkSchema = chainLinkSchema.loose();

/**
 * The report that the pointer names before another one is stored: it may be of an audit that ended before it wrote the
 * state. Only the chain needs it, so a pointer that cannot be read is none.
 */
async function replacedBy({ auditId }: Report, storage: StorageLocation): Promise<ChainLink | null> {
  try {
    const file = await storage.read(pointerPath);
    const pointer = linkSchema.parse(JSON.parse(file?.text ?? "null"));
    return pointer.auditId === auditId ? null : { auditId: pointer.auditId, sha256: pointer.sha256 };
  } catch {
    return null;
  }
}

async function latestIn(storage: StorageLocation): Promise<string | null> {
  const file = await storage.read(pointerPath);
  if (file === null) return null;
  return parseStored(pointerSchema, file.text, storage.locate(pointerPath)).auditId;
}

/** The path of an audit's report, from the date at the start of its ID; `null` if it is not an audit ID. */
export function reportPathOf(auditId: string): string | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})T\d{6}Z-[0-9a-f]+$/.exec(auditId) ?? [];
  return day === undefined ? null : `audits/${year}/${month}/${day}/${auditId}/report.json`;
}

function folderOf({ startedAt, auditId }: Report): string {
  return `audits/${startedAt.slice(0, "2026-11-20".length).replaceAll("-", "/")}/${auditId}`;
}

/** The text of `latest.json`. */
export function pointerTo(
  { auditId, finishedAt, status }: Pick<Report, "auditId" | "finishedAt" | "status">,
  location: string,
  sha256: string,
): string {
  return `${JSON.stringify({ auditId, location, finishedAt, status, sha256 }, null, 2)}
`;
}

/** @throws StoreError if a file is, or would become, larger than a store reads */
export function refuseTooLarge(bytes: number, location: string): void {
  if (bytes <= mostBytes) return;
  const advice = "Split the organization among several auditors, each with its own store.";
  throw new StoreError(
    `${location}: ${bytes} bytes are more than the ${mostBytes} that a store reads; the file was left unchanged. ${advice}`,
  );
}
