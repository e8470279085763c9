import { compareValues } from "../core/order.ts";
import type { Evidence } from "../schemas/evidence.ts";

type Requirement = Evidence["requirements"][number];
type Covering = { readonly check: string; readonly requirements: readonly string[] };

/**
 * By requirement: the checks that cover it, and their findings in the period. Requirements of the catalogue are listed
 * without findings too. Those that the policy adds are known from findings only. Pure.
 *
 * @param catalogue the checks of this version with their published requirements
 */
export function requirementsOf(
  findings: Evidence["findings"],
  catalogue: readonly Covering[],
): readonly Requirement[] {
  const pairs = [...catalogue, ...findings].flatMap(({ check, requirements }) =>
    requirements.map((requirement) => ({ requirement, check })),
  );
  return [...Map.groupBy(pairs, ({ requirement }) => requirement)]
    .map(([requirement, covering]): Requirement => {
      const covered = findings.filter(({ requirements }) => requirements.includes(requirement));
      const counted = (end: Evidence["findings"][number]["end"]) =>
        covered.filter((finding) => finding.end === end).length;
      return {
        requirement,
        checks: [...new Set(covering.map(({ check }) => check))].toSorted(compareValues),
        findings: covered.length,
        resolved: counted("resolved"),
        waived: counted("waived"),
        open: counted("open"),
        worstDays: covered.length === 0 ? null : Math.max(...covered.map(({ daysOpen }) => daysOpen)),
      };
    })
    .toSorted((a, b) => compareValues(a.requirement, b.requirement));
}
