import { type StoredFiles, StoreError } from "../audit/ports.ts";
import { checks } from "../checks/index.ts";
import { bytesAsText } from "../core/bytes.ts";
import { parseDay, writeDay } from "../core/days.ts";
import { sha256Of } from "../core/ids.ts";
import { compareValues } from "../core/order.ts";
import type { Evidence } from "../schemas/evidence.ts";
import type { AuditState } from "../schemas/state.ts";
import { chainOrder } from "./chain-order.ts";
import { openFindings, resolutionOf } from "./findings-of-period.ts";
import { limitsOf } from "./limits.ts";
import { type PeriodReport, periodReportSchema } from "./period-report.ts";
import { openPolicies } from "./policies-of-period.ts";
import { requirementsOf } from "./requirements-of-period.ts";
import { readState } from "./store-files.ts";
import { auditAt } from "./stored-report.ts";
import { openUnread } from "./unread-of-period.ts";
import { type ReadChain, readChain } from "./verify.ts";
import { openWaivers } from "./waivers-of-period.ts";

type NightAudit = Evidence["audits"][number];

/** A period: two days in UTC, such as `2026-10-02`, and all between them. */
export type Period = { readonly from: string; readonly to: string };

/**
 * What the stored audits of a period prove. Reads one report after the other and keeps only what the evidence holds. The
 * same store gives the same evidence.
 *
 * @throws StoreError if the store or a report of the period cannot be read
 */
export async function collectEvidence(files: StoredFiles, { from, to }: Period): Promise<Evidence> {
  const chain = await readChain(files, { from });
  const { verification } = chain;
  const unusable = new Set(verification.problems.map(({ path }) => path));
  const { state } = await readState(files);
  const findings = openFindings();
  const waivers = openWaivers();
  const unread = openUnread();
  const policies = openPolicies(files);
  const audits: NightAudit[] = [];
  const deliveries: Evidence["deliveries"][number][] = [];
  const order = new Map(chainOrder(chain.reports).map((auditId, index) => [auditId, index]));
  const placeOf = (path: string) => order.get(auditAt(path)?.auditId ?? "") ?? order.size;
  const paths = await pathsOf(files, { from, to });
  for (const path of paths.toSorted((a, b) => placeOf(a) - placeOf(b) || compareValues(a, b))) {
    const read = await readReport(files, path, unusable);
    if (read === null) continue;
    const { report, sha256 } = read;
    const audit = nightAudit(report, sha256, state);
    findings.add(report, audit.scope === "whole");
    if (audit.scope === "whole") unread.add(report);
    waivers.add(report);
    await policies.add(report, path);
    audits.push(audit);
    deliveries.push(...report.deliveries);
  }
  // The last audits of the period are named after it.
  for (const path of laterPaths(chain.reports, new Set(paths))) {
    deliveries.push(...((await readReport(files, path, unusable))?.report.deliveries ?? []));
  }
  const ends = state?.chain === null || state === null ? [] : [state.chain.head, ...state.chain.beside];
  deliveries.push(
    ...ends.flatMap(({ auditId, deliveries: told }) => told.map((one) => ({ ...one, auditId }))),
  );
  const ofPeriod = new Set(audits.map(({ auditId }) => auditId));
  // Reports of audits that ran at the same time tell the same deliveries.
  const once = new Map(deliveries.map((one) => [JSON.stringify([one.auditId, one.notifier]), one]));
  const told = [...once.values()]
    .filter(({ auditId }) => ofPeriod.has(auditId))
    .toSorted((a, b) => compareValues(a.auditId, b.auditId) || compareValues(a.notifier, b.notifier));
  const ended = findings.result();
  const found = {
    schemaVersion: 1 as const,
    store: files.name,
    from,
    to,
    nights: nightsOf(audits, { from, to }),
    audits: audits.toSorted((a, b) => compareValues(a.auditId, b.auditId)),
    unread: unread.result(),
    policies: policies.result(),
    findings: ended,
    resolution: resolutionOf(ended),
    requirements: requirementsOf(
      ended,
      checks.map(({ id, requirements }) => ({ check: id, requirements })),
    ),
    waivers: waivers.result(),
    deliveries: told,
    verification,
  };
  return { ...found, limits: limitsOf(found) };
}

async function pathsOf(files: StoredFiles, { from, to }: Period): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of files.list("audits")) {
    const audit = auditAt(path);
    if (audit !== null && audit.day >= from && audit.day <= to) paths.push(path);
  }
  return paths.toSorted(compareValues);
}

/** Reads a report of the period; `null` if the verification says why it cannot be read. @throws StoreError */
async function readReport(
  files: StoredFiles,
  path: string,
  unusable: ReadonlySet<string>,
): Promise<{ readonly report: PeriodReport; readonly sha256: string } | null> {
  const bytes = await files.read(path);
  const report = bytes === null ? null : parsed(bytes);
  if (bytes !== null && report !== null) return { report, sha256: sha256Of(bytes) };
  if (unusable.has(path)) return null;
  throw new StoreError(`${files.locate(path)} is not a report that this version reads. Use a newer auditor.`);
}

/** The reports that are not of the period, but name one that is. */
function laterPaths(reports: ReadChain["reports"], ofPeriod: ReadonlySet<string>): readonly string[] {
  return [...reports.values()]
    .filter(
      ({ path, names }) =>
        !ofPeriod.has(path) && names.some((one) => ofPeriod.has(reports.get(one)?.path ?? "")),
    )
    .map(({ path }) => path)
    .toSorted(compareValues);
}

function parsed(bytes: Uint8Array): PeriodReport | null {
  try {
    return periodReportSchema.parse(JSON.parse(bytesAsText(bytes)));
  } catch {
    return null;
  }
}

function nightAudit(report: PeriodReport, sha256: string, state: AuditState | null): NightAudit {
  const { auditId, startedAt, trigger, status, coverage, policy } = report;
  const { planned, audited, partial, unreachable, excluded, gaps, excludedAccounts } = coverage;
  const counted = <T>(entries: readonly T[], keyOf: (entry: T) => string) =>
    [...Map.groupBy(entries, keyOf)].toSorted(([a], [b]) => compareValues(a, b));
  return {
    auditId,
    startedAt,
    trigger,
    status,
    scope: scopeOf(report, state),
    narrowedTo: report.narrowedTo ?? null,
    ...{ planned, audited, partial, unreachable, excluded },
    gaps: counted(gaps, (gap) => `${gap.state} ${gap.reason}`).map(([key, list]) => {
      const [kind = "", reason = ""] = key.split(" ");
      return { state: kind, reason, gaps: list.length };
    }),
    excludedBy: counted(excludedAccounts, ({ reason }) => reason).map(([reason, list]) => ({
      reason,
      accounts: list.length,
    })),
    policyDigest: policy.digest,
    sha256,
  };
}

/** Whether an audit covered the whole scope. Of older reports only the state's history and the trigger tell. */
function scopeOf(
  { auditId, trigger, narrowedTo }: PeriodReport,
  state: AuditState | null,
): NightAudit["scope"] {
  if (narrowedTo !== undefined) return narrowedTo === null ? "whole" : "narrowed";
  const record = state?.history.find((one) => one.auditId === auditId);
  if (record !== undefined) return record.wholeScope ? "whole" : "narrowed";
  if (trigger === "schedule") return "whole";
  return trigger === "event" ? "narrowed" : "not-known";
}

function nightsOf(audits: readonly NightAudit[], { from, to }: Period): Evidence["nights"] {
  const covered = new Set(
    audits.filter(({ scope }) => scope === "whole").map(({ startedAt }) => startedAt.slice(0, from.length)),
  );
  const [first = 0, last = -1] = [parseDay(from) ?? undefined, parseDay(to) ?? undefined];
  const days = Array.from({ length: Math.max(0, last - first + 1) }, (_none, index) =>
    writeDay(first + index),
  );
  const missing = days.filter((day) => !covered.has(day));
  return { days: days.length, audited: days.length - missing.length, missing };
}
