import { daysBetween } from "../../core/days.ts";
import { type Severity, severities, severityRank } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";

/** What the trend shows of one audit. */
export type TrendPoint = {
  /** ISO 8601. */
  readonly startedAt: string;
  /** How many causes of failing findings are open, each at its worst severity. */
  readonly causes: Readonly<Record<Severity, number>>;
  /** Registries in the scope, and those of them that were read in full. */
  readonly planned: number;
  readonly audited: number;
  /** How many findings it reported as resolved; not those that were waived. */
  readonly resolved: number;
  /** The days from when those were first seen, halfway and at worst; null if there are none. */
  readonly medianDays: number | null;
  readonly worstDays: number | null;
};

/** What the trend shows of a report. Pure. */
export function trendPoint({ startedAt, coverage, findings }: Report): TrendPoint {
  const worst = new Map<string, Severity>();
  const days: number[] = [];
  for (const { id, status, severity, cause, transition, firstSeenAt } of findings) {
    if (status === "FAIL" && transition !== "resolved") {
      // Reports of older versions have no causes: each finding counts as its own.
      const key = cause?.id ?? id;
      const known = worst.get(key);
      if (known === undefined || severityRank(severity) < severityRank(known)) worst.set(key, severity);
    } else if (transition === "resolved" && status !== "WAIVED") {
      days.push(daysBetween(firstSeenAt, new Date(startedAt)));
    }
  }
  const causes = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };
  for (const severity of worst.values()) causes[severity] += 1;
  const sorted = days.toSorted((a, b) => a - b);
  const { planned, audited } = coverage;
  const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return {
    ...{ startedAt, causes, planned, audited, resolved: sorted.length },
    medianDays: below === undefined || above === undefined ? null : (below + above) / 2,
    worstDays: sorted.at(-1) ?? null,
  };
}

/** How many causes are open. */
export function openCauses({ causes }: TrendPoint): number {
  return severities.reduce((sum, severity) => sum + causes[severity], 0);
}
