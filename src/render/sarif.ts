import type { Finding, Severity } from "../model/finding.ts";
import { severities } from "../model/finding.ts";
import type { CoverageGap, Report } from "../model/report.ts";
import { repositoriesArn } from "./arn.ts";
import { briefLine } from "./escape/brief.ts";
import { safeJson } from "./escape/json.ts";
import { groupsOf } from "./group.ts";
import { reasonWords } from "./reasons.ts";
import { waiverWords } from "./sections/waiver-words.ts";
import { isResolved } from "./tally.ts";

/** What is known of a check besides what its findings say. */
export type CheckHelp = {
  /** When it fails, in half a sentence. */
  readonly failsWhen: string;
  /** Its document, in Markdown. */
  readonly document: string;
};

/** What the report itself does not know. */
export type SarifContext = {
  /** The version of this product. */
  readonly version: string;
  /** `null` for a check of the policy's own. */
  readonly helpOf: (check: string) => CheckHelp | null;
};

/** Where AWS explains what all checks are about; a check's own document stands in its help. */
const HELP_URI = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html";

/**
 * The report in the Static Analysis Results Interchange Format 2.1.0 (OASIS standard, 27 March 2020): a rule for each
 * check that found something, a result for each finding that is not resolved, and a notification for each gap in the
 * coverage. A registry has no file: the logical location is what counts, and the physical one is a path of account,
 * region and prefix, which GitHub insists on ("SARIF support for code scanning", November 2026).
 */
export function renderSarif(report: Report, { version, helpOf }: SarifContext): string {
  const findings = report.findings.filter((finding) => !isResolved(finding));
  const rules = groupsOf(findings, ({ check }) => check);
  const ruleIndex = new Map(rules.map(([{ check }], index) => [check, index]));
  const { gaps } = report.coverage;
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pull-through-auditor",
            semanticVersion: version,
            rules: rules.map((ofCheck) => ruleOf(ofCheck, helpOf(ofCheck[0].check))),
          },
        },
        automationDetails: { id: `pull-through-auditor/${briefLine(report.auditId)}` },
        invocations: [
          {
            executionSuccessful: gaps.length === 0,
            startTimeUtc: report.startedAt,
            endTimeUtc: report.finishedAt,
            toolExecutionNotifications: gaps.map(notificationOf),
          },
        ],
        results: findings.map((finding) => resultOf(finding, ruleIndex.get(finding.check) ?? -1)),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
  return `${safeJson(log, 2)}\n`;
}

function ruleOf(findings: readonly [Finding, ...Finding[]], help: CheckHelp | null) {
  const [{ check, title, remediation }] = findings;
  const severity = worstOf(findings);
  const failsWhen = help === null ? briefLine(title) : `Fails when ${help.failsWhen.replaceAll("`", "")}.`;
  const mend = briefLine(remediation);
  return {
    id: briefLine(check),
    shortDescription: { text: failsWhen },
    fullDescription: { text: failsWhen },
    help: help === null ? { text: mend } : { text: mend, markdown: help.document },
    helpUri: HELP_URI,
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ["security", "supply-chain"],
      precision: "very-high",
      "security-severity": securitySeverity[severity],
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number) {
  const { id, check, severity, kind, message, remediation, transition, stale, waiver, docs } = finding;
  const outcome = outcomes[finding.status];
  return {
    ruleId: briefLine(check),
    ruleIndex,
    kind: outcome,
    level: outcome === "fail" ? levels[severity] : "none",
    message: { text: messageText(`${message} ${outcome === "fail" ? remediation : ""}`) },
    locations: [locationOf(finding)],
    partialFingerprints: { "findingId/v1": id, primaryLocationLineHash: id },
    ...(transition === null ? {} : { baselineState: baselineStates[transition] }),
    ...(waiver === null
      ? {}
      : { suppressions: [{ kind: "external", status: "accepted", justification: waiverWords(waiver) }] }),
    properties: {
      severity,
      kind: briefLine(kind),
      docs: briefLine(docs),
      firstSeenAt: finding.firstSeenAt,
      lastSeenAt: finding.lastSeenAt,
      stale,
    },
  };
}

/** `open`: there was too little to decide on (SARIF 2.1.0, section 3.27.9). */
const outcomes = {
  FAIL: "fail",
  WAIVED: "fail",
  UNKNOWN: "open",
  PASS: "pass",
  NOT_APPLICABLE: "notApplicable",
} as const satisfies Record<Finding["status"], string>;

const levels = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  informational: "note",
} as const satisfies Record<Severity, string>;

/** In the ranges by which GitHub names them: over 9.0 critical, 7.0 high, 4.0 medium, above 0 low. */
const securitySeverity = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  informational: "0.0",
} as const satisfies Record<Severity, string>;

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
  const { what, mend } = reasonWords[reason];
  const rules = prefixes.length === 0 ? "" : ` (${prefixes.join(", ")})`;
  const text = `${what}: ${operation} in ${account} ${region}${rules}. ${detail} ${mend}`;
  return {
    level: "error",
    descriptor: { id: reason },
    message: { text: messageText(text) },
    locations: [locationOf({ account, accountName, region, prefix: null })],
  };
}

function worstOf(findings: readonly Finding[]): Severity {
  return severities.find((one) => findings.some(({ severity }) => severity === one)) ?? "informational";
}

/** Collected text in a message, in which brackets would be a link, and a number in braces a placeholder. */
function messageText(text: string): string {
  return briefLine(text)
    .replace(/[\\[\]]/g, "\\$&")
    .replace(/\{(\d+)\}/g, "{{$1}}");
}
