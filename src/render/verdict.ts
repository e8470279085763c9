import type { Coverage, Report } from "../model/report.ts";
import { isFailing, severityCounts } from "./tally.ts";
import { counted, grouped } from "./words.ts";

/** What a first audit is to its readers. */
export const FIRST_AUDIT =
  "This was the first audit: what it found is the starting point that later audits are compared with.";

/** How many planned registries were not seen in full. */
export function unseenRegistries({
  partial,
  unreachable,
}: Pick<Coverage, "partial" | "unreachable">): number {
  return partial + unreachable;
}

/** The outcome in a sentence or two. It says "compliant" only of what was seen. */
export function verdictOf(report: Report): string {
  const failing = report.findings.filter(isFailing);
  const unseen = unseenRegistries(report.coverage);
  if (failing.length > 0) {
    const sentence = `Non-compliant: ${severityCounts(failing)} failing${seenWords(report.coverage)}`;
    return `${sentence}${elsewhereWords(report, failing.length)}`;
  }
  // A digest for one topic may be left without what fails elsewhere.
  if (report.status === "non-compliant")
    return "Nothing fails here any more, but the audit as a whole is non-compliant.";
  if (unseen > 0 || report.status === "incomplete") {
    return `Incomplete: nothing that was seen fails${seenWords(report.coverage)}`;
  }
  if (report.coverage.planned === 0) return "Nothing was audited: no registry is in scope.";
  const noRule = report.summary.rules === 0 ? " No rule was found." : "";
  return `Compliant: nothing fails${seenWords(report.coverage)}${noRule}`;
}

/** What fails beside the share of an audit that a digest's readers are told of. */
function elsewhereWords({ summary }: Report, told: number): string {
  const elsewhere = Object.values(summary.failing).reduce((sum, count) => sum + count, 0) - told;
  if (elsewhere <= 0) return "";
  const what = elsewhere === 1 ? "1 more finding fails" : `${grouped(elsewhere)} more findings fail`;
  return ` ${what}, for other topics or below the severity told here.`;
}

function seenWords(coverage: Coverage): string {
  const { planned } = coverage;
  const unseen = unseenRegistries(coverage);
  if (unseen > 0)
    return `; ${grouped(unseen)} of ${counted(planned, "registry", "registries")} not fully seen.`;
  return planned === 1 ? "; the registry was seen." : `; all ${grouped(planned)} registries were seen.`;
}
