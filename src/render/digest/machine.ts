import type { Coverage, Report, WaiverNotice } from "../../model/report.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { byteLength } from "../escape/cut.ts";
import { safeJson } from "../escape/json.ts";
import { fitting } from "../fitting.ts";
import { briefGap } from "../gaps.ts";
import { gapReasons } from "../group.ts";
import { changesIn } from "../tally.ts";
import { verdictOf } from "../verdict.ts";
import { briefDrift, briefFinding, briefNotice } from "./brief.ts";
import { headline } from "./headline.ts";
import type { MachineDigest } from "./machine-schema.ts";
import { digestProblems } from "./problems.ts";
import { rankedFindings } from "./rank.ts";
import { short, shortOrNull } from "./short.ts";

/** What each list may take of the SNS message, in bytes as they stand there: JSON within JSON. */
const bytes = { problems: 20_000, findings: 48_000, gaps: 16_000, drift: 8_000, waivers: 2_000 } as const;

/**
 * The digest as compact JSON, for Lambda functions and queues: figures, the problems in words, coverage with
 * the first gaps, and as many findings as fit, worst first. What did not fit is counted.
 */
export function machineDigest(report: Report, options: DeliveryOptions): string {
  return safeJson(digestOf(report, options));
}

function digestOf(report: Report, { reportLocation }: DeliveryOptions): MachineDigest {
  const { schemaVersion, auditId, startedAt, finishedAt, status, baseline, policy, summary } = report;
  const ranked = rankedFindings(report.findings);
  const problems = digestProblems(report.findings);
  const told = {
    problems: withinJson(problems, bytes.problems),
    findings: withinJson(ranked.map(briefFinding), bytes.findings),
    drift: withinJson(report.drift.map(briefDrift), bytes.drift),
  };
  return {
    product: "pull-through-auditor",
    schemaVersion,
    auditId,
    startedAt,
    finishedAt,
    status,
    baseline,
    headline: headline(report),
    verdict: verdictOf(report),
    policy: { name: short(policy.name), digest: short(policy.digest) },
    summary,
    changes: changesIn(report.findings),
    coverage: briefCoverage(report.coverage),
    problems: told.problems,
    problemsOmitted: problems.length - told.problems.length,
    findings: told.findings,
    omitted: ranked.length - told.findings.length,
    drift: told.drift,
    driftOmitted: report.drift.length - told.drift.length,
    waivers: briefWaivers(report.waivers),
    report: { location: shortOrNull(reportLocation) },
  };
}

function briefCoverage(coverage: Coverage): MachineDigest["coverage"] {
  const { planned, audited, partial, unreachable, excluded, dropped } = coverage;
  const gaps = withinJson(coverage.gaps.map(briefGap), bytes.gaps);
  const gapsOmitted = coverage.gaps.length - gaps.length;
  const reasons = gapReasons(coverage.gaps);
  return { planned, audited, partial, unreachable, excluded, dropped, reasons, gaps, gapsOmitted };
}

function briefWaivers({ expired, expiring, unused }: Report["waivers"]): MachineDigest["waivers"] {
  const brief = (notices: readonly WaiverNotice[]) => withinJson(notices.map(briefNotice), bytes.waivers);
  const told = { expired: brief(expired), expiring: brief(expiring), unused: brief(unused) };
  const all = expired.length + expiring.length + unused.length;
  return { ...told, omitted: all - told.expired.length - told.expiring.length - told.unused.length };
}

function withinJson<Item>(items: readonly Item[], limit: number): readonly Item[] {
  return fitting(items, limit, (item) => byteLength(safeJson(safeJson(item))));
}
