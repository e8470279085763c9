import { matchesAnyName } from "../../core/wildcards.ts";
import type { FailedPulls, HeardPulls } from "../../facts/pulls.ts";
import type { Policy } from "../../policy/schema.ts";

const hourMs = 3_600_000;

/** What the policy says of failed pulls, with its defaults. */
export function failedPullsSettings({ failedPulls }: Pick<Policy, "failedPulls">) {
  const { windowHours = 24, atLeast = 1, ignoreCodes = [] } = failedPulls ?? {};
  return { windowHours, atLeast, ignoreCodes };
}

/** What pulls through one rule amount to at a time. */
type PullsJudged = {
  /** The codes with which pulls fail: often enough within the window, and without a success since. */
  readonly failing: readonly FailingPulls[];
  /** Whether a pull succeeded within the window, after all failures that count. */
  readonly hasSucceeded: boolean;
  /** Whether pulls failed in the window and have not succeeded since, but too few of them or with ignored codes. */
  readonly hasOthers: boolean;
};

/** Failures of one code and how many there are within the window. */
export type FailingPulls = { readonly failures: FailedPulls; readonly count: number };

/** Judges what was heard of a rule. Pure. Pulls are counted by the hour. */
export function judgePulls(
  { lastSuccessAt, failures }: Omit<HeardPulls, "prefix">,
  policy: Pick<Policy, "failedPulls">,
  now: Date,
): PullsJudged {
  const { windowHours, atLeast, ignoreCodes } = failedPullsSettings(policy);
  const windowStart = new Date(now.getTime() - windowHours * hourMs).toISOString();
  const since = lastSuccessAt !== null && lastSuccessAt > windowStart ? lastSuccessAt : windowStart;
  const firstHour = Math.floor(Date.parse(since) / hourMs);
  const recent = failures
    .filter(({ lastAt }) => lastAt > since)
    .map((one) => ({
      failures: one,
      count: one.hours.reduce((sum, [hour, count]) => (hour < firstHour ? sum : sum + count), 0),
    }));
  const failing = recent.filter(
    ({ failures: { code }, count }) =>
      count >= atLeast && !(code !== null && matchesAnyName(ignoreCodes, code)),
  );
  return {
    failing,
    hasSucceeded: lastSuccessAt !== null && lastSuccessAt >= windowStart && failing.length === 0,
    hasOthers: recent.length > failing.length,
  };
}
