import { inlineText } from "../../render/escape/inline.ts";
import { counted, listed } from "../../render/words.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { severities } from "../../schemas/finding.ts";

/** The outcome in one sentence. It says "compliant" only of what could be told. */
export function verdictOnCode({ summary, files }: CheckReport): string {
  const { FAIL, UNKNOWN } = summary.findings;
  const undelivered =
    (UNKNOWN ?? 0) > 0 ? `; ${counted(UNKNOWN ?? 0, "answer")} not known before deployment` : "";
  if ((FAIL ?? 0) > 0) return `Non-compliant: ${failingCounts(summary)} failing${undelivered}.`;
  if (summary.rules === 0) return `No pull through cache rule in ${counted(files.length, "file")}.`;
  if (undelivered !== "") return `Incomplete: nothing that is known fails${undelivered}.`;
  return `Compliant: nothing fails in ${counted(summary.rules, "rule")}.`;
}

function failingCounts({ failing }: CheckReport["summary"]): string {
  return severities
    .filter((severity) => (failing[severity] ?? 0) > 0)
    .map((severity) => `${failing[severity]} ${severity}`)
    .join(", ");
}

/** Where a rule stands: `templates/hub.yaml:12`. */
export function sourceLocationText({ file, line }: Pick<CodeFinding, "file" | "line">): string {
  return line === null ? inlineText(file) : `${inlineText(file)}:${line}`;
}

/** Which checks were left out and why, once for all rules; `null` when none were. */
export function leftOutWords({ checksLeftOut }: CheckReport): string | null {
  if (checksLeftOut.length === 0) return null;
  const names = listed(checksLeftOut.map(inlineText), 20);
  return `Not applicable to code: ${names}. They need the live registry: see the command audit.`;
}
