import type { StoredFiles } from "../audit/ports.ts";
import { pointerPath, reportPathOf, statePath } from "../audit/state/store.ts";
import { forEachConcurrently } from "../core/concurrency.ts";
import { parseDay, writeDay } from "../core/days.ts";
import { sha256Of } from "../core/ids.ts";
import { compareValues } from "../core/order.ts";
import type { ChainLink } from "../schemas/chain.ts";
import type { AuditState } from "../schemas/state.ts";
import type { StoreProblem, Verification } from "../schemas/verification.ts";
import { believe, type ChainedReport, type NamedReport, type Verdict } from "./believe.ts";
import { disagreeing, linkIn, pointerProblems, readPointer, readState } from "./store-files.ts";
import { auditAt, type LinkedReport, parseLinkedReport } from "./stored-report.ts";

/** How many files are read at once: enough for S3, and few enough for memory. */
const filesAtOnce = 4;

/** What is kept of a stored report. */
type ReadReport = ChainedReport &
  Pick<LinkedReport, "previous" | "finishedAt" | "status" | "files"> & {
    readonly auditId: string;
    readonly day: string;
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
export async function verifyStore(files: StoredFiles, options: VerifyOptions = {}): Promise<Verification> {
  return (await readChain(files, options)).verification;
}

/**
 * The stored reports by the ids of their audits, with the audits that each names, unless it is altered. If a clock was set
 * back across the first day, it has the reports of days before, too, that lead to those of the days that were asked for.
 */
export type ReadChain = {
  readonly verification: Verification;
  readonly reports: ReadonlyMap<string, { readonly path: string; readonly names: readonly string[] }>;
};

/** Reads the chain of a store and verifies it, as {@link verifyStore} does. @throws StoreError */
export async function readChain(files: StoredFiles, { from = "" }: VerifyOptions): Promise<ReadChain> {
  const problems: StoreProblem[] = [];
  const reports = new Map<string, ReadReport>();
  const unreadable = new Set<string>();
  const paths: string[] = [];
  for await (const path of files.list("audits")) {
    const audit = auditAt(path);
    if (audit !== null && audit.day >= from) paths.push(path);
  }
  const add = async (path: string): Promise<ReadReport | "missing" | "unreadable"> => {
    const bytes = await files.read(path);
    if (bytes === null) return "missing";
    const read = readReport(path, bytes);
    if (!("kind" in read)) {
      reports.set(read.auditId, read);
      return read;
    }
    problems.push(read);
    unreadable.add(auditAt(path)?.auditId ?? path);
    return "unreadable";
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
  // What nothing but the pointer names is of an audit that runs, or that did not end.
  const link = pointed === null || pointer === null ? undefined : linkIn(pointer, pointed.sha256);
  const hasEnded = state.state?.history.some(({ auditId }) => auditId === link?.auditId) !== false;
  // An audit that is continued after it failed stores its report again. The state may have the digest of the first one.
  const isContinued = link !== undefined && !hasEnded && link.sha256 === pointed?.sha256;
  const newest = {
    state: isContinued ? [...tips, link] : tips,
    pointer: link === undefined || isContinued ? null : { link, doubter: pointerPath },
  };
  const older = new Map<string, ReadReport>();
  const findOlder = async (auditId: string): Promise<NamedReport> => {
    const known = older.get(auditId);
    if (known !== undefined) return known;
    const path = reportPathOf(auditId);
    const bytes = path === null || isBefore(auditId, daysEarlier(from)) ? null : await files.read(path);
    const read = path === null || bytes === null ? null : readReport(path, bytes);
    if (read === null || "kind" in read) return "out-of-reach";
    older.set(auditId, read);
    return read;
  };
  const verdicts = await believe(reports, newest, async (auditId, isSettled) => {
    if (unreadable.has(auditId)) return "unreadable";
    if (isBefore(auditId, from)) return isSettled() ? "out-of-reach" : findOlder(auditId);
    const path = reportPathOf(auditId);
    return reports.get(auditId) ?? (path === null ? "missing" : add(path));
  });
  problems.push(
    ...[...verdicts].flatMap(([auditId, verdict]) =>
      isBefore(auditId, from) ? [] : verdictProblems(auditId, verdict),
    ),
  );

  const isUnaltered = ([auditId]: readonly [string, ReadReport]) => verdicts.get(auditId)?.is !== "altered";
  const intact = new Map([...reports].filter(isUnaltered));
  // An altered report may name other files than those that were stored with it.
  await forEachConcurrently(intact.values(), filesAtOnce, async (report) => {
    for (const file of report.files) problems.push(...(await fileProblems(files, report, file)));
  });
  const isDoubtful = (auditId: string) =>
    unreadable.has(auditId) || ["altered", "missing"].includes(verdicts.get(auditId)?.is ?? "");
  if (pointer !== null && !(pointer.auditId !== undefined && isBefore(pointer.auditId, from))) {
    const isSpoiled = pointer.auditId !== undefined && isDoubtful(pointer.auditId);
    const report = pointed === null ? null : { ...pointed, isChained: pointed.previous !== undefined };
    // Of a report that is altered or gone, only its place is known.
    if (isSpoiled) problems.push(...(pointer.isAgreed ? [] : [disagreeing]));
    else problems.push(...pointerProblems(files, pointer, report, state.state));
  }
  if (state.problems.length === 0) {
    const followed = new Map([...intact, ...[...older].filter(isUnaltered)]);
    problems.push(...stateOrderProblems(followed, tips, isDoubtful, state.isStored));
  }

  const chained = [...reports.values()].filter(({ previous }) => previous !== undefined);
  const days = chained.map(({ day }) => day).toSorted();
  const sorted = problems.toSorted((a, b) => compareValues(a.path, b.path) || compareValues(a.kind, b.kind));
  const unnamed = [...reports.values()]
    .filter(({ auditId }) => verdicts.get(auditId)?.is === "unnamed")
    .toSorted((a, b) => compareValues(a.auditId, b.auditId));
  const unnamedIn = (isChained: boolean) =>
    unnamed.filter(({ previous }) => (previous !== undefined) === isChained).map(({ auditId }) => auditId);
  const isBroken = [...reports.keys(), ...verdicts.keys(), ...unreadable].some(isDoubtful);
  const isCutOff = isBroken || sorted.some(({ path }) => path === statePath);
  const verification = {
    store: files.name,
    reports: reports.size + unreadable.size,
    chained: chained.length,
    begins: days[0] ?? null,
    ends: days.at(-1) ?? null,
    problems: sorted,
    brokenFrom: sorted.flatMap(({ day }) => day ?? []).toSorted()[0] ?? null,
    beforeChain: unnamedIn(false),
    unnamed: isCutOff ? [] : unnamedIn(true),
    cutOff: isCutOff ? unnamedIn(true) : [],
  };
  const named = [...older, ...reports].map(([auditId, report]) => {
    const { path, links } = report;
    const names = isUnaltered([auditId, report]) ? links.map((one) => one.auditId) : [];
    return [auditId, { path, names }] as const;
  });
  return { verification, reports: new Map(named) };
}

function readReport(path: string, bytes: Uint8Array): StoreProblem | ReadReport {
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
  const links = previous === undefined || previous === null ? alsoPrevious : [previous, ...alsoPrevious];
  return { auditId, path, day: at.day, sha256: sha256Of(bytes), previous, links, finishedAt, status, files };
}

function verdictProblems(auditId: string, verdict: Verdict): readonly StoreProblem[] {
  if (verdict.is === "unaltered" || verdict.is === "unnamed") return [];
  const { is: kind, doubter } = verdict;
  const path = reportPathOf(auditId) ?? auditId;
  const day = dayOfAudit(auditId);
  const detail = doubter === null ? certain[kind] : doubtful[kind](doubter);
  return [{ kind, path, day, detail }];
}

const certain = {
  missing: "Another file names this report, but it is not stored.",
  altered:
    "Its SHA-256 is not the one that was recorded when it was stored. The files beside it cannot be verified.",
} as const;

/** What is said if the only file that names a report is one that no other file names. */
const doubtful = {
  missing: (by: string) => `Only ${by} names this report, and it is not stored.`,
  altered: (by: string) =>
    `Its SHA-256 is not the one in ${by}, which alone names it: this file is altered, or that one.`,
} as const;

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

async function fileProblems(
  files: StoredFiles,
  report: ReadReport,
  { name, sha256 }: LinkedReport["files"][number],
): Promise<readonly StoreProblem[]> {
  const path = `${folderOf(report.path)}/${name}`;
  const { day } = report;
  const bytes = await files.read(path);
  if (bytes === null) {
    const detail = "The report beside it names this file, but it is not stored.";
    return [{ kind: "missing", path, day, detail }];
  }
  if (sha256Of(bytes) === sha256) return [];
  return [{ kind: "altered", path, day, detail: "Its SHA-256 is not the one in the report beside it." }];
}

function tipsOf({ chain }: AuditState): readonly ChainLink[] {
  return chain === null ? [] : [chain.head, ...chain.beside];
}

/** How far a clock that was set back may take the chain behind the first day: enough for any that was set by hand. */
const mostDaysBack = 31;

function daysEarlier(from: string): string {
  const first = parseDay(from);
  return first === null ? from : writeDay(first - mostDaysBack);
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
  isDoubtful: (auditId: string) => boolean,
  isStored: boolean,
): readonly StoreProblem[] {
  const reached = new Set<string>();
  const next = [...tips];
  for (let link = next.pop(); link !== undefined; link = next.pop()) {
    if (isDoubtful(link.auditId)) return [];
    const report = reports.get(link.auditId);
    if (report === undefined || reached.has(link.auditId)) continue;
    reached.add(link.auditId);
    next.push(...report.links);
  }
  const lost = [...reports.values()]
    .flatMap(({ previous }) => previous ?? [])
    .filter((link) => reports.has(link.auditId) && !reached.has(link.auditId) && !isDoubtful(link.auditId))
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
