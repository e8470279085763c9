import { ALL_REGIONS } from "../ecr/registry.ts";
import type { Finding } from "../schemas/finding.ts";
import type { Coverage, CoverageGap, Report } from "../schemas/report.ts";
import { isFailing, severityCounts } from "./counts.ts";
import { counted, grouped } from "./words.ts";

/** Those of `unknown`, findings that could not be judged, whose cause does not stand among the gaps already. */
export function unexplainedBy(gaps: readonly CoverageGap[], unknown: readonly Finding[]): Finding[] {
  const byAccount = Map.groupBy(gaps, ({ account }) => account);
  return unknown.filter(
    (finding) => !(byAccount.get(finding.account) ?? []).some((gap) => explains(gap, finding)),
  );
}

function explains(gap: CoverageGap, { region, prefix, kind, data }: Finding): boolean {
  if (gap.region !== ALL_REGIONS && gap.region !== region) return false;
  if (gap.prefixes.length > 0 && (prefix === null || !gap.prefixes.includes(prefix))) return false;
  if (gap.reason === "check-error") return kind === "check-crashed";
  return data["reason"] === gap.reason && data["operation"] === gap.operation;
}

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
function elsewhereWords({ summary }: Report, delivered: number): string {
  const elsewhere = Object.values(summary.failing).reduce((sum, count) => sum + count, 0) - delivered;
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
