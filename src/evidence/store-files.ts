import type { StoredFiles } from "../audit/ports.ts";
import { isStateAsWritten, parseState } from "../audit/state/state-file.ts";
import { pointerPath, pointerTo, reportPathOf, statePath } from "../audit/state/store.ts";
import { bytesAsText } from "../core/bytes.ts";
import type { ChainLink } from "../schemas/chain.ts";
import type { AuditStatus } from "../schemas/report.ts";
import type { AuditState } from "../schemas/state.ts";
import type { StoreProblem } from "../schemas/verification.ts";
import { auditAt } from "./stored-report.ts";

/** The state of a store, and whether it is as the auditor wrote it. */
export type ReadState = {
  readonly state: AuditState | null;
  readonly isStored: boolean;
  readonly problems: readonly StoreProblem[];
};

/** Reads `state.json`. A file that cannot be used is a problem, not an error. @throws StoreError */
export async function readState(files: StoredFiles): Promise<ReadState> {
  const bytes = await files.read(statePath);
  if (bytes === null) return { state: null, isStored: false, problems: [] };
  const altered = (detail: string): ReadState => ({
    state: null,
    isStored: true,
    problems: [{ kind: "altered", path: statePath, day: null, detail }],
  });
  if (isStateAsWritten(bytes) === false) {
    return altered("It does not match its own SHA-256: somebody has edited or truncated it.");
  }
  try {
    const text = bytesAsText(bytes);
    return { state: parseState(text, statePath), isStored: true, problems: [] };
  } catch {
    return altered("It is not a state that this auditor reads.");
  }
}

/** `latest.json`, and the report that it names with a digest, if the rest of it agrees that it is this report. */
export type Pointer = {
  readonly text: string;
  readonly auditId: string | undefined;
  readonly link: ChainLink | undefined;
  /** Whether its location is that of the audit that it names. */
  readonly isAgreed: boolean;
};

/** Reads `latest.json`. @throws StoreError */
export async function readPointer(files: StoredFiles): Promise<Pointer | null> {
  const bytes = await files.read(pointerPath);
  if (bytes === null) return null;
  const text = bytesAsText(bytes);
  const [, auditId] = /^\{\n {2}"auditId": "([^"]+)",$/m.exec(text) ?? [];
  const [, sha256] = /^ {2}"sha256": "([0-9a-f]{64})"\n\}\n$/m.exec(text) ?? [];
  // On Windows, the location of a folder has backslashes, which JSON doubles.
  const location = locationIn(text).replaceAll(/\\\\/g, "/");
  const isAgreed = auditId !== undefined && location.endsWith(`/${reportPathOf(auditId)}"`);
  const link = isAgreed && sha256 !== undefined ? { auditId, sha256 } : undefined;
  return { text, auditId, link, isAgreed };
}

/** The location in the text of `latest.json`, with its quotation marks. */
function locationIn(text: string): string {
  return /^ {2}"location": (".*"),$/m.exec(text)?.[1] ?? "";
}

/**
 * The report that `latest.json` names with a digest; undefined if it names none, or has another digest that is nearly
 * that of the report. An altered report has a digest in which most digits differ, so it was then the pointer's digest
 * that somebody edited.
 *
 * @param sha256 the digest of the report that is stored
 */
export function linkIn({ link }: Pointer, sha256: string): ChainLink | undefined {
  if (link === undefined || link.sha256 === sha256) return link;
  const same = [...link.sha256].filter((digit, at) => digit === sha256[at]).length;
  return same > sha256.length / 2 ? undefined : link;
}

/** What `latest.json` must agree with. */
type PointedReport = {
  readonly path: string;
  readonly sha256: string;
  readonly auditId: string;
  readonly finishedAt: string;
  readonly status: AuditStatus;
  readonly isChained: boolean;
};

/**
 * What is wrong with `latest.json`. A store may have been moved since it was written, so the location in it may be one
 * that the state's history has.
 *
 * @param report the report that it names; `null` if it is not stored
 */
export function pointerProblems(
  { locate }: Pick<StoredFiles, "locate">,
  { text, auditId }: Pointer,
  report: PointedReport | null,
  state: AuditState | null,
): readonly StoreProblem[] {
  const written = locationIn(text);
  if (report === null) {
    const missing = auditId === undefined ? null : reportPathOf(auditId);
    if (missing === null || !written.endsWith(`/${missing}"`)) return [disagreeing];
    const detail = "latest.json names this report, but it is not stored.";
    return [{ kind: "missing", path: missing, day: auditAt(missing)?.day ?? null, detail }];
  }
  const { path, sha256, isChained } = report;
  if (!isChained) return [];
  const stored = (state?.history ?? []).flatMap(({ location }) => location ?? []);
  const roots = stored.flatMap((location) => /^(.*?)[/\\]audits[/\\]/.exec(location)?.[1] ?? []);
  const places = [locate(path), ...[...new Set(roots)].map((root) => `${root}/${path}`), ...stored];
  const isAsWritten = (place: string) => pointerTo(report, place, sha256) === text;
  if (places.some(isAsWritten)) return [];
  // Without a history, as after a first audit that did not end, nothing says where the store was.
  if (stored.length === 0 && written.endsWith(`/${path}"`) && isAsWritten(JSON.parse(written))) return [];
  return [disagreeing];
}

/** The problem of a pointer that is not as it was written. */
export const disagreeing: StoreProblem = {
  kind: "altered",
  path: pointerPath,
  day: null,
  detail: "It does not agree with the report that it names.",
};
