import { briefLine } from "../../render/escape/cut.ts";
import { safeJson } from "../../render/escape/json.ts";
import { groupsOf } from "../../render/group.ts";
import type { CodeFinding } from "../../schemas/check-report.ts";
import { type Finding, type Severity, severities } from "../../schemas/finding.ts";
import { waiverWords } from "../text/sections/waiver-words.ts";

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

/** As much of a finding as every result tells, be it of a registry or of code. */
export type Evaluated = Pick<
  Finding & CodeFinding,
  "check" | "status" | "severity" | "title" | "message" | "remediation" | "waiver"
>;

/** Where AWS explains what all checks are about; a check's own document stands in its help. */
const HELP_URI = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html";

/**
 * A SARIF log of one run: a rule for each check that found something, a result for each finding.
 *
 * @param resultOf what a result says besides its rule
 * @param run what else is said of the run
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

/** How a finding came out, in SARIF's words. */
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

function worstOf(findings: readonly Evaluated[]): Severity {
  return severities.find((one) => findings.some(({ severity }) => severity === one)) ?? "informational";
}

/** Collected text in a message, in which brackets would be a link, and a number in braces a placeholder. */
export function messageText(text: string): string {
  return briefLine(text)
    .replace(/[\\[\]]/g, "\\$&")
    .replace(/\{(\d+)\}/g, "{{$1}}");
}
