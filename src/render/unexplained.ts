import type { Finding } from "../model/finding.ts";
import type { CoverageGap } from "../model/report.ts";

/** Those of `unknown`, findings that could not be judged, whose cause does not stand among the gaps already. */
export function unexplainedBy(gaps: readonly CoverageGap[], unknown: readonly Finding[]): Finding[] {
  const byAccount = Map.groupBy(gaps, ({ account }) => account);
  return unknown.filter(
    (finding) => !(byAccount.get(finding.account) ?? []).some((gap) => explains(gap, finding)),
  );
}

function explains(gap: CoverageGap, { region, prefix, kind, data }: Finding): boolean {
  if (gap.region !== "*" && gap.region !== region) return false;
  if (gap.prefixes.length > 0 && (prefix === null || !gap.prefixes.includes(prefix))) return false;
  if (gap.reason === "check-error") return kind === "check-crashed";
  return data["reason"] === gap.reason && data["operation"] === gap.operation;
}
