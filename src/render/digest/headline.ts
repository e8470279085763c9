import type { Coverage, Report } from "../../model/report.ts";
import { bySeverity, isFailing } from "../tally.ts";
import { unseenRegistries } from "../verdict.ts";
import { counted, grouped } from "../words.ts";

/** The name that begins every subject, so that mail can be filtered by it. */
export const PRODUCT = "pull-through-auditor";

/** More severities than these would not fit into a subject. */
const MOST_SEVERITIES = 2;

/** An audit's outcome in a line of ASCII without any collected text. */
export function headline(report: Report): string {
  const parts = [outcome(report), unseenWords(report.coverage), report.baseline ? "first audit" : null];
  return `${PRODUCT}: ${parts.filter((part) => part !== null).join("; ")}`;
}

function unseenWords(coverage: Coverage): string | null {
  const unseen = unseenRegistries(coverage);
  if (unseen === 0) return null;
  return `${counted(unseen, "registry", "registries")} ${coverage.partial > 0 ? "not fully seen" : "unseen"}`;
}

function outcome(report: Report): string {
  const counts = bySeverity(report.findings.filter(isFailing));
  if (counts.length === 0) return quietOutcome(report);
  const worst = counts
    .slice(0, MOST_SEVERITIES)
    .map(({ severity, count }) => `${grouped(count)} ${severity}`);
  const lesser = counts.slice(MOST_SEVERITIES).reduce((sum, { count }) => sum + count, 0);
  const all = lesser > 0 ? [...worst, `${grouped(lesser)} lesser`] : worst;
  return `${all.join(", ")} failing`;
}

function quietOutcome({ status, coverage }: Report): string {
  if (status === "non-compliant") return "nothing fails here any more";
  if (status === "incomplete") return "incomplete, nothing seen fails";
  return `compliant, ${counted(coverage.audited, "registry", "registries")} seen`;
}
