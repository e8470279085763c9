import type { Finding } from "../schemas/finding.ts";
import { distinguishesNew, isFailing, isNews, isResolved } from "./counts.ts";

/** Findings by what they are to a reader who reads every audit's message. */
export type Attention = {
  /** What failed anew or otherwise than before; all that fails, where nothing was there to compare. */
  readonly news: readonly Finding[];
  readonly resolved: readonly Finding[];
  /** What was told before, and is told again because it still fails. */
  readonly reminded: readonly Finding[];
  /** What was told before. */
  readonly known: readonly Finding[];
};

/** Sorts out what fails and what was resolved; of the rest a message says nothing. */
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
