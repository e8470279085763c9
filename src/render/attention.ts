import { isFailing, isResolved } from "../schemas/count-findings.ts";
import type { Finding } from "../schemas/finding.ts";
import { distinguishesNew, isNews } from "./counts.ts";

/** Findings, grouped by how much attention they need from someone who reads the message of every audit. */
export type Attention = {
  /** New and changed failures. Without a previous audit to compare with: all failures. */
  readonly news: readonly Finding[];
  readonly resolved: readonly Finding[];
  /** Failures that were reported before and are due a reminder. */
  readonly reminded: readonly Finding[];
  /** Failures that were reported before. */
  readonly known: readonly Finding[];
};

/** Groups failing and resolved findings. Messages do not mention any others. */
export function byAttention(findings: readonly Finding[]): Attention {
  const failing = findings.filter(isFailing);
  const isReported = distinguishesNew(findings) ? isNews : () => true;
  const rest = failing.filter((finding) => !isReported(finding));
  return {
    news: failing.filter(isReported),
    resolved: findings.filter(isResolved),
    reminded: rest.filter(isReminder),
    known: rest.filter((finding) => !isReminder(finding)),
  };
}

function isReminder({ transition }: Finding): boolean {
  return transition === "reminded";
}
