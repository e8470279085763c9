import { inlineText } from "../../render/escape/inline.ts";
import { counted, listed } from "../../render/words.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { severities } from "../../schemas/finding.ts";

/** Returns the outcome in one sentence. Says "compliant" only if nothing is unknown. */
export function verdictOnCode({ summary, files }: CheckReport): string {
  const { FAIL, UNKNOWN } = summary.findings;
  const unknown =
    (UNKNOWN ?? 0) > 0 ? `; ${counted(UNKNOWN ?? 0, "check result")} not known before deployment` : "";
  if ((FAIL ?? 0) > 0) return `Non-compliant: ${failingCounts(summary)} failing${unknown}.`;
  if (summary.rules === 0) return `No pull through cache rules in ${counted(files.length, "file")}.`;
  if (unknown !== "") return `Incomplete: no failures found${unknown}.`;
  return `Compliant: nothing fails in ${counted(summary.rules, "rule")}.`;
}

function failingCounts({ failing }: CheckReport["summary"]): string {
  return severities
    .filter((severity) => (failing[severity] ?? 0) > 0)
    .map((severity) => `${failing[severity]} ${severity}`)
    .join(", ");
}

/** Formats the source location of a rule: `templates/hub.yaml:12`. */
export function sourceLocationText(finding: Pick<CodeFinding, "file" | "line" | "source">): string {
  const { file, line } = finding.source ?? finding;
  return line === null ? inlineText(file) : `${inlineText(file)}:${line}`;
}

/** Says once, for all rules, which checks were skipped and why; `null` if none were. */
export function skippedChecksNote({ checksLeftOut }: CheckReport): string | null {
  if (checksLeftOut.length === 0) return null;
  const names = listed(checksLeftOut.map(inlineText), 20);
  return `Not applicable to code: ${names}. These checks need the live registry: run audit.`;
}
