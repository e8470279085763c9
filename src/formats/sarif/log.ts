import { briefLine } from "../../render/escape/cut.ts";
import { safeJson } from "../../render/escape/json.ts";
import { groupsOf } from "../../render/group.ts";
import type { CodeFinding } from "../../schemas/check-report.ts";
import { type Finding, type Severity, severities } from "../../schemas/finding.ts";
import { waiverWords } from "../text/sections/waiver-words.ts";

/** The documentation of a check. */
export type CheckHelp = {
  /** When the check fails, as a clause. */
  readonly failsWhen: string;
  /** The check's document, in Markdown. */
  readonly document: string;
};

/** What a SARIF log needs besides the report. */
export type SarifContext = {
  /** The version of this product. */
  readonly version: string;
  /** Returns `null` for a custom check of the policy. */
  readonly helpOf: (check: string) => CheckHelp | null;
};

/** What every result contains, for findings on registries and on code. */
export type Evaluated = Pick<
  Finding & CodeFinding,
  "check" | "status" | "severity" | "title" | "message" | "remediation" | "waiver"
>;

/** The AWS documentation of the feature. The document of each check is in its help. */
const HELP_URI = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html";

/**
 * Renders a SARIF log of one run: a rule for each check with findings, and a result for each finding.
 *
 * @param resultOf returns the properties of a result, apart from its rule
 * @param run further properties of the run
 */
export function sarifText<F extends Evaluated>(
  findings: readonly F[],
  resultOf: (finding: F) => object,
  { version, helpOf }: SarifContext,
  run: object,
): string {
  const rules = groupsOf(findings, ({ check }) => check);
  const ruleIndex = new Map(rules.map(([{ check }], index) => [check, index]));
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
        ...run,
        results: findings.map((finding) => ({
          ruleId: briefLine(finding.check),
          ruleIndex: ruleIndex.get(finding.check) ?? -1,
          ...resultOf(finding),
        })),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
  return `${safeJson(log, 2)}\n`;
}

/** Converts the outcome of a finding to SARIF. */
export function verdictOn({ status, severity, message, remediation, waiver }: Evaluated) {
  const outcome = outcomes[status];
  return {
    kind: outcome,
    level: outcome === "fail" ? levels[severity] : "none",
    message: { text: messageText(`${message} ${outcome === "fail" ? remediation : ""}`) },
    ...(waiver === null
      ? {}
      : { suppressions: [{ kind: "external", status: "accepted", justification: waiverWords(waiver) }] }),
  };
}

function ruleOf(findings: readonly [Evaluated, ...Evaluated[]], help: CheckHelp | null) {
  const [{ check, title, remediation }] = findings;
  const severity = worstOf(findings);
  const failsWhen = help === null ? briefLine(title) : `Fails when ${help.failsWhen.replaceAll("`", "")}.`;
  const fix = briefLine(remediation);
  return {
    id: briefLine(check),
    shortDescription: { text: failsWhen },
    fullDescription: { text: failsWhen },
    help: help === null ? { text: fix } : { text: fix, markdown: help.document },
    helpUri: HELP_URI,
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ["security", "supply-chain"],
      precision: "very-high",
      "security-severity": securitySeverity[severity],
    },
  };
}

/** `open` means that there was not enough information to decide (SARIF 2.1.0, section 3.27.9). */
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

/** Within GitHub's ranges: critical above 9.0, high from 7.0, medium from 4.0, low above 0. */
const securitySeverity = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  informational: "0.0",
} as const satisfies Record<Severity, string>;

function worstOf(findings: readonly Evaluated[]): Severity {
  return severities.find((one) => findings.some(({ severity }) => severity === one)) ?? "informational";
}

/** Escapes collected text for a message, where brackets form links and numbers in braces are placeholders. */
export function messageText(text: string): string {
  return briefLine(text)
    .replace(/[\\[\]]/g, "\\$&")
    .replace(/\{(\d+)\}/g, "{{$1}}");
}
