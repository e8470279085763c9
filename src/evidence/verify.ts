import type { StoredFiles } from "../audit/ports.ts";
import { reportPathOf, statePath } from "../audit/state/store.ts";
import { forEachConcurrently } from "../core/concurrency.ts";
import { sha256Of } from "../core/ids.ts";
import { compareValues } from "../core/order.ts";
import type { ChainLink } from "../schemas/chain.ts";
import type { AuditState } from "../schemas/state.ts";
import type { StoreProblem, Verification } from "../schemas/verification.ts";
import { pointerProblems, readPointer, readState } from "./store-files.ts";
import { auditAt, type LinkedReport, parseLinkedReport } from "./stored-report.ts";

/** How many files are read at once: enough for S3, and few enough for memory. */
const filesAtOnce = 4;

/** What is kept of a stored report. */
type ReadReport = Pick<LinkedReport, "previous" | "alsoPrevious" | "finishedAt" | "status"> & {
  readonly auditId: string;
  readonly path: string;
  readonly day: string;
  readonly sha256: string;
};

/** How a store is verified. */
export type VerifyOptions = {
  /** The first day whose reports must be there, such as `2026-10-02`: retention may have deleted earlier ones. */
  readonly from?: string | undefined;
};

/**
 * Verifies that the stored reports, and the files beside them, are whole, unaltered and in order. Reads each file once
 * and keeps a few hundred bytes of each report.
 *
 * @throws StoreError if the store cannot be read
 */
export async function verifyStore(
  files: StoredFiles,
  { from = "" }: VerifyOptions = {},
): Promise<Verification> {
  const problems: StoreProblem[] = [];
  const reports = new Map<string, ReadReport>();
  const problemsBeside = new Map<string, readonly StoreProblem[]>();
  const paths: string[] = [];
  for await (const path of files.list("audits")) {
    const audit = auditAt(path);
    if (audit !== null && audit.day >= from) paths.push(path);
  }
  const spoiled = new Set<string>();
  const add = async (path: string): Promise<boolean> => {
    const bytes = await files.read(path);
    if (bytes === null) return false;
    const read = readReport(path, bytes);
    if ("kind" in read) {
      problems.push(read);
      spoiled.add(auditAt(path)?.auditId ?? path);
      return true;
    }
    const { report, stored } = read;
    reports.set(report.auditId, report);
    const beside: StoreProblem[] = [];
    for (const { name, sha256 } of stored) {
      beside.push(...(await fileProblems(files, `${folderOf(path)}/${name}`, report.day, sha256)));
    }
    problemsBeside.set(report.auditId, beside);
    return true;
  };
  await forEachConcurrently(paths, filesAtOnce, async (path) => {
    await add(path);
  });

  // Read after the reports were listed: an audit that ends meanwhile names reports that are there.
  const state = await readState(files);
  problems.push(...state.problems);
  const pointer = await readPointer(files);
  const pointed = (pointer?.auditId === undefined ? undefined : reports.get(pointer.auditId)) ?? null;
  const tips = state.state === null ? [] : tipsOf(state.state);

  const missing = new Set<string>();
  const links = (): ChainLink[] => [
    ...[...reports.values()].flatMap(linksOf),
    ...tips,
    // What nothing but the pointer names is of an audit that runs, or that did not end.
    ...(pointer?.link === undefined || pointed === null ? [] : [pointer.link]),
  ];
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const { auditId } of links()) {
      if (reports.has(auditId) || spoiled.has(auditId) || missing.has(auditId)) continue;
      const path = reportPathOf(auditId);
      const day = dayOfAudit(auditId);
      if (isBefore(auditId, from)) continue;
      isNew = true;
      if (path !== null && (await add(path))) continue;
      missing.add(auditId);
      const detail = "Another file names this report, but it is not stored.";
      problems.push({ kind: "missing", path: path ?? auditId, day, detail });
    }
  }

  const named = Map.groupBy(links(), ({ auditId }) => auditId);
  const altered = new Set<string>();
  for (const [auditId, given] of named) {
    const report = reports.get(auditId);
    if (report === undefined || given.some(({ sha256 }) => sha256 === report.sha256)) continue;
    altered.add(auditId);
    const detail =
      "Its SHA-256 is not the one that was recorded when it was stored. The files beside it cannot be verified.";
    problems.push({ kind: "altered", path: report.path, day: report.day, detail });
  }
  // An altered report may name other files than those that were stored with it.
  for (const [auditId, beside] of problemsBeside) if (!altered.has(auditId)) problems.push(...beside);
  const isDoubtful = ({ auditId }: Pick<ChainLink, "auditId">) =>
    altered.has(auditId) || missing.has(auditId) || spoiled.has(auditId);
  if (pointer !== null && !(pointer.auditId !== undefined && isBefore(pointer.auditId, from))) {
    const isSpoiled = pointer.auditId !== undefined && isDoubtful({ auditId: pointer.auditId });
    const report = pointed === null ? null : { ...pointed, isChained: pointed.previous !== undefined };
    if (!isSpoiled) problems.push(...pointerProblems(files, pointer, report, state.state));
  }
  const intact = new Map([...reports].filter(([id]) => !altered.has(id)));
  if (state.problems.length === 0) {
    problems.push(...stateOrderProblems(intact, tips, isDoubtful, state.isStored));
  }

  const chained = [...reports.values()].filter(({ previous }) => previous !== undefined);
  const days = chained.map(({ day }) => day).toSorted();
  const sorted = problems.toSorted((a, b) => compareValues(a.path, b.path) || compareValues(a.kind, b.kind));
  const ids = (kept: (report: ReadReport) => boolean) =>
    [...reports.values()]
      .filter(kept)
      .map(({ auditId }) => auditId)
      .toSorted();
  return {
    store: files.name,
    reports: reports.size + spoiled.size,
    chained: chained.length,
    begins: days[0] ?? null,
    ends: days.at(-1) ?? null,
    problems: sorted,
    brokenFrom: sorted.flatMap(({ day }) => day ?? []).toSorted()[0] ?? null,
    beforeChain: ids(({ previous, auditId }) => previous === undefined && !named.has(auditId)),
    unnamed: ids(({ previous, auditId }) => previous !== undefined && !named.has(auditId)),
  };
}

function readReport(
  path: string,
  bytes: Uint8Array,
): StoreProblem | { readonly report: ReadReport; readonly stored: LinkedReport["files"] } {
  const at = auditAt(path);
  const parsed = parseLinkedReport(bytes);
  const day = at?.day ?? null;
  if (at === null || parsed === null) {
    return { kind: "altered", path, day, detail: "The file is not a report of the auditor." };
  }
  const { auditId, startedAt, previous, alsoPrevious, finishedAt, status, files } = parsed.report;
  if (auditId !== at.auditId || startedAt.slice(0, at.day.length) !== at.day) {
    const detail = "The file holds the report of another audit or of another day.";
    return { kind: "out-of-order", path, day, detail };
  }
  const kept = { auditId, previous, alsoPrevious, finishedAt, status };
  return { report: { ...kept, path, day: at.day, sha256: sha256Of(bytes) }, stored: files };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

async function fileProblems(
  files: StoredFiles,
  path: string,
  day: string,
  sha256: string,
): Promise<readonly StoreProblem[]> {
  const bytes = await files.read(path);
  if (bytes === null) {
    return [
      { kind: "missing", path, day, detail: "The report beside it names this file, but it is not stored." },
    ];
  }
  if (sha256Of(bytes) === sha256) return [];
  return [{ kind: "altered", path, day, detail: "Its SHA-256 is not the one in the report beside it." }];
}

function linksOf({ previous, alsoPrevious }: ReadReport): readonly ChainLink[] {
  return previous === undefined || previous === null ? alsoPrevious : [previous, ...alsoPrevious];
}

function tipsOf({ chain }: AuditState): readonly ChainLink[] {
  return chain === null ? [] : [chain.head, ...chain.beside];
}

function dayOfAudit(auditId: string): string | null {
  return auditAt(reportPathOf(auditId) ?? "")?.day ?? null;
}

function isBefore(auditId: string, from: string): boolean {
  const day = dayOfAudit(auditId);
  return day !== null && day < from;
}

/**
 * Whether the state is older than the reports, or was replaced: a report that another one names as `previous` was in the
 * state once, so it must be reachable from the state. Behind a file that is altered or missing, nothing can be said.
 */
function stateOrderProblems(
  reports: ReadonlyMap<string, ReadReport>,
  tips: readonly ChainLink[],
  isDoubtful: (link: ChainLink) => boolean,
  isStored: boolean,
): readonly StoreProblem[] {
  const reached = new Set<string>();
  const next = [...tips];
  for (let link = next.pop(); link !== undefined; link = next.pop()) {
    if (isDoubtful(link)) return [];
    const report = reports.get(link.auditId);
    if (report === undefined || reached.has(link.auditId)) continue;
    reached.add(link.auditId);
    next.push(...linksOf(report));
  }
  const lost = [...reports.values()]
    .flatMap(({ previous }) => previous ?? [])
    .filter((link) => reports.has(link.auditId) && !reached.has(link.auditId) && !isDoubtful(link))
    .map(({ auditId }) => auditId)
    .toSorted()[0];
  if (lost === undefined) return [];
  return isStored
    ? [
        {
          kind: "out-of-order",
          path: statePath,
          day: null,
          detail: `It does not lead to the report of audit ${lost}, which an earlier state had: an older or another state was put into its place.`,
        },
      ]
    : [{ kind: "missing", path: statePath, day: null, detail: "Reports are stored, but the state is not." }];
}
