import type { Finding } from "../../model/finding.ts";
import type { Coverage, Report } from "../../model/report.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { byteLength, cutToCharacters } from "../escape/cut.ts";
import { safeJson } from "../escape/json.ts";
import { briefGap } from "../gaps.ts";
import { fitting } from "./fitting.ts";
import { rankedFindings } from "./rank.ts";

/** What findings and gaps may take of the SNS message, in bytes as they stand there: JSON within JSON. */
const FINDINGS_BYTES = 64 * 1024;
const GAPS_BYTES = 16 * 1024;
const LONGEST_TEXT = 300;

/**
 * The digest as compact JSON, for Lambda functions and queues: figures, coverage with the first gaps, and
 * as many findings as fit, worst first. `omitted` counts the failing and resolved ones that did not fit.
 */
export function machineDigest(report: Report, { reportLocation }: DeliveryOptions): string {
  const { schemaVersion, auditId, startedAt, finishedAt, status, policy, baseline, summary, coverage } =
    report;
  const ranked = rankedFindings(report.findings);
  const findings = fitting(ranked.map(compactFinding), FINDINGS_BYTES, sizeWithinJson);
  return safeJson({
    schemaVersion,
    auditId,
    startedAt,
    finishedAt,
    status,
    baseline,
    policy: { name: short(policy.name), digest: short(policy.digest) },
    summary,
    coverage: briefCoverage(coverage),
    findings,
    omitted: ranked.length - findings.length,
    report: { location: reportLocation },
  });
}

function compactFinding(finding: Finding) {
  const { id, check, kind, status, severity, account, region, transition, stale, firstSeenAt } = finding;
  return {
    id,
    check: short(check),
    kind,
    status,
    severity,
    account,
    accountName: shortOrNull(finding.accountName),
    region,
    prefix: shortOrNull(finding.prefix),
    title: short(finding.title),
    message: short(finding.message),
    transition,
    stale,
    firstSeenAt,
  };
}

function briefCoverage(coverage: Coverage) {
  const { planned, audited, partial, unreachable, excluded } = coverage;
  const gaps = fitting(coverage.gaps.map(briefGap), GAPS_BYTES, sizeWithinJson);
  const gapsOmitted = coverage.gaps.length - gaps.length;
  return { planned, audited, partial, unreachable, excluded, gaps, gapsOmitted };
}

function sizeWithinJson(value: unknown): number {
  return byteLength(safeJson(safeJson(value)));
}

function short(text: string): string {
  return cutToCharacters(text, LONGEST_TEXT);
}

function shortOrNull(text: string | null): string | null {
  return text === null ? null : short(text);
}
