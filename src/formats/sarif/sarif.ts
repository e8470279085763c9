import { reasonAdvice } from "../../facts/reason-advice.ts";
import { repositoriesArn } from "../../render/arn.ts";
import { causeText, ownerText } from "../../render/causes.ts";
import { changedByText } from "../../render/changed-by.ts";
import { briefLine } from "../../render/escape/cut.ts";
import { sentence } from "../../render/words.ts";
import { isResolved } from "../../schemas/count-findings.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { CoverageGap, Report } from "../../schemas/report.ts";
import { messageText, type SarifContext, sarifText, verdictOn } from "./log.ts";

/**
 * Renders the report in the Static Analysis Results Interchange Format 2.1.0 (OASIS standard, 27 March 2020): a rule for
 * each check with findings, a result for each finding that is not resolved, and a notification for each coverage gap. A
 * registry has no file, so the logical location is the relevant one. The physical location is a path of account, region
 * and prefix, because GitHub requires one ("SARIF support for code scanning", November 2026).
 */
export function renderSarif(report: Report, context: SarifContext): string {
  const { gaps } = report.coverage;
  return sarifText(
    report.findings.filter((finding) => !isResolved(finding)),
    resultOf,
    context,
    {
      automationDetails: { id: `pull-through-auditor/${briefLine(report.auditId)}` },
      invocations: [
        {
          executionSuccessful: gaps.length === 0,
          startTimeUtc: report.startedAt,
          endTimeUtc: report.finishedAt,
          toolExecutionNotifications: gaps.map(notificationOf),
        },
      ],
    },
  );
}

function resultOf(finding: Finding) {
  const { id, severity, kind, transition, stale, docs, owner, cause, openDays, changedBy } = finding;
  return {
    ...verdictOn(finding),
    locations: [locationOf(finding)],
    partialFingerprints: { "findingId/v1": id, primaryLocationLineHash: id },
    ...(transition === null ? {} : { baselineState: baselineStates[transition] }),
    properties: {
      severity,
      kind: briefLine(kind),
      docs: briefLine(docs),
      firstSeenAt: finding.firstSeenAt,
      lastSeenAt: finding.lastSeenAt,
      stale,
      ...(owner === null ? {} : { owner: ownerText(owner) }),
      ...(changedBy === null ? {} : { changedBy: changedByText(changedBy) }),
      ...(cause === null ? {} : { causeId: cause.id, cause: causeText(cause) }),
      openDays,
    },
  };
}

const baselineStates = {
  opened: "new",
  changed: "updated",
  unchanged: "unchanged",
  reminded: "unchanged",
  resolved: "absent",
} as const satisfies Record<NonNullable<Finding["transition"]>, string>;

function locationOf({
  account,
  accountName,
  region,
  prefix,
}: Pick<Finding, "account" | "accountName" | "region" | "prefix">) {
  const registry = [account, region];
  const names = prefix === null ? registry : [...registry, prefix];
  const path = names.map((name) => briefLine(name).slice(0, LONGEST_NAME));
  const name = path.at(-1) ?? "";
  return {
    physicalLocation: {
      artifactLocation: { uri: path.map((part) => encodeURIComponent(part.toWellFormed())).join("/") },
      region: { startLine: 1 },
    },
    logicalLocations: [
      {
        name,
        fullyQualifiedName: repositoriesArn({ account, region, prefix }),
        kind: "resource",
        ...(accountName === null ? {} : { properties: { accountName: briefLine(accountName) } }),
      },
    ],
  };
}

/** Longer than any name that AWS allows. */
const LONGEST_NAME = 300;

function notificationOf(gap: CoverageGap) {
  const { account, accountName, region, reason, operation, detail, prefixes } = gap;
  const { title, advice } = reasonAdvice[reason];
  const rules = prefixes.length === 0 ? "" : ` (${prefixes.join(", ")})`;
  const text = `${title}: ${operation} in ${account} ${region}${rules}. ${sentence(detail)} ${advice}`;
  return {
    level: "error",
    descriptor: { id: reason },
    message: { text: messageText(text) },
    locations: [locationOf({ account, accountName, region, prefix: null })],
  };
}
