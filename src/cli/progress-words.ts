import type { AuditProgress } from "../audit/audit.ts";
import { displayWidth } from "../render/layout.ts";
import { counted, grouped } from "../render/words.ts";

/** An audit's progress at a moment, with how fast it goes. */
export type Pace = {
  readonly progress: AuditProgress;
  readonly callsPerSecond: number;
  /** `null` where it can not be told yet. */
  readonly secondsLeft: number | null;
};

const SEPARATOR = " \u00b7 ";

/** What is told, in the order in which it stands, and how soon it gives way on a narrow line: the highest first. */
const parts: readonly { readonly givesWay: number; readonly words: (pace: Pace) => string | null }[] = [
  { givesWay: 0, words: ({ progress }) => registriesWords(progress) },
  { givesWay: 5, words: ({ progress }) => counted(progress.accounts, "account") },
  { givesWay: 4, words: ({ callsPerSecond }) => `${grouped(callsPerSecond)} calls/s` },
  { givesWay: 3, words: ({ progress }) => unlessNone(progress.calls.throttled, "throttled") },
  { givesWay: 2, words: ({ progress }) => unlessNone(progress.gaps, progress.gaps === 1 ? "gap" : "gaps") },
  {
    givesWay: 1,
    words: ({ secondsLeft }) => (secondsLeft === null ? null : `${durationOf(secondsLeft)} left`),
  },
];

/** A line of at most `width` columns that says how far an audit is; what there is no room for is left out. */
export function progressWords(pace: Pace, width: number): string {
  const told = parts.flatMap(({ givesWay, words }) => {
    const text = words(pace);
    return text === null ? [] : [{ givesWay, text }];
  });
  const leaving = told.toSorted((one, other) => other.givesWay - one.givesWay);
  let kept = told;
  for (const next of leaving) {
    if (displayWidth(lineOf(kept)) <= width) break;
    kept = kept.filter((part) => part !== next);
  }
  return lineOf(kept);
}

function lineOf(told: readonly { readonly text: string }[]): string {
  return told.map(({ text }) => text).join(SEPARATOR);
}

function registriesWords({ read, planned, isPlanned }: AuditProgress): string {
  // While accounts are still being listed there is no telling how many registries there will be.
  return `${grouped(read)} of ${grouped(planned)}${isPlanned ? "" : "+"} registries`;
}

function unlessNone(count: number, noun: string): string | null {
  return count === 0 ? null : `${grouped(count)} ${noun}`;
}

function durationOf(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole <= 90 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}
