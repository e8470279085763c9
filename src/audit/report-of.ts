import type { Report } from "../model/report.ts";
import type { AuditState } from "../model/state.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import { assembleReport } from "./assemble.ts";
import type { Assessment } from "./assess.ts";
import { type Comparison, compare } from "./compare/index.ts";

/** What tells one audit from another. */
export type ReportHead = Pick<Report, "auditId" | "trigger"> & {
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

/** A report, and what to remember of the audit. */
export type ReportAndMemory = { readonly report: Report; readonly next: Comparison["next"] };

/**
 * The report on what an audit saw, in the light of what is remembered. Pure.
 *
 * @param previous `null` where nothing is remembered: all that fails counts as opened
 * @param baseline whether it is the first that is to be remembered
 */
export function reportOf(
  assessment: Assessment,
  { auditId, trigger, startedAt, finishedAt }: ReportHead,
  { policy, digest }: LoadedPolicy,
  previous: AuditState | null,
  baseline = false,
): ReportAndMemory {
  const remindAfterDays = policy.notifications.remindAfterDays ?? null;
  const { findings, drift, coverage, next } = compare(
    { ...assessment, auditId, now: startedAt, remindAfterDays },
    previous,
  );
  const report = assembleReport({
    auditId,
    trigger,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    baseline,
    policy: { name: policy.name, digest },
    coverage,
    registries: assessment.registries,
    rules: assessment.rules,
    counts: assessment.counts,
    findings,
    drift,
    waivers: assessment.waivers,
  });
  return { report, next };
}
