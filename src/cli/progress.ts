import type { AuditProgress } from "../audit/collect/progress.ts";
import { displayWidth } from "../render/layout.ts";
import { counted, grouped } from "../render/words.ts";
import { type TextStream, widthOf } from "./terminal.ts";

/** An audit's progress at a moment, with how fast it goes. */
type Pace = {
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
  const delivered = parts.flatMap(({ givesWay, words }) => {
    const text = words(pace);
    return text === null ? [] : [{ givesWay, text }];
  });
  const leaving = delivered.toSorted((one, other) => other.givesWay - one.givesWay);
  let kept = delivered;
  for (const next of leaving) {
    if (displayWidth(lineOf(kept)) <= width) break;
    kept = kept.filter((part) => part !== next);
  }
  return lineOf(kept);
}

function lineOf(delivered: readonly { readonly text: string }[]): string {
  return delivered.map(({ text }) => text).join(SEPARATOR);
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

/** Shows how far an audit is. */
type ProgressView = {
  readonly show: (progress: AuditProgress) => void;
  /** Takes away what is shown. */
  readonly end: () => void;
};

const silent: ProgressView = { show: () => undefined, end: () => undefined };

/** As often as the eye can follow. */
const redrawMs = 100;
/** Seldom enough to leave a log readable. */
const logMs = 30_000;
/** The time over which calls are averaged. */
const windowMs = 5_000;

const ERASE_LINE = "\r\u001b[K";

/**
 * On a terminal a line that is written over and over; elsewhere, as in the log of a job, a plain line every half
 * minute; quietly, nothing.
 *
 * @param now the time in milliseconds, from whenever
 */
export function openProgress(
  errors: TextStream,
  { quiet, isDumb }: { readonly quiet: boolean; readonly isDumb: boolean },
  now: () => number = () => performance.now(),
): ProgressView {
  if (quiet) return silent;
  return errors.isTTY === true && !isDumb ? lineOver(errors, now) : linesInLog(errors, now);
}

function lineOver(errors: TextStream, now: () => number): ProgressView {
  const paceOf = paceMeter(now);
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show: (progress) => {
      const pace = paceOf(progress);
      const isDone = progress.isPlanned && progress.read === progress.planned;
      if (now() - drawnAt < redrawMs && !isDone) return;
      drawnAt = now();
      // A terminal that is filled to its last column may break the line.
      errors.write(`${ERASE_LINE}${progressWords(pace, widthOf(errors) - 1)}`);
    },
    end: () => errors.write(ERASE_LINE),
  };
}

function linesInLog(errors: TextStream, now: () => number): ProgressView {
  const paceOf = paceMeter(now);
  let writtenAt = now();
  return {
    show: (progress) => {
      const pace = paceOf(progress);
      if (now() - writtenAt < logMs) return;
      writtenAt = now();
      errors.write(`${progressWords(pace, Number.POSITIVE_INFINITY)}\n`);
    },
    end: () => undefined,
  };
}

/** Works out from what is told how fast an audit goes. */
function paceMeter(now: () => number): (progress: AuditProgress) => Pace {
  const startedAt = now();
  let samples = [{ at: startedAt, sent: 0 }];
  return (progress) => {
    const at = now();
    const { sent } = progress.calls;
    const recent = samples.filter((sample) => at - sample.at <= windowMs);
    const [oldest = { at: startedAt, sent: 0 }] = recent;
    const newest = recent.at(-1);
    if (newest === undefined || at - newest.at >= redrawMs) samples = [...recent, { at, sent }];
    // The first calls of all make no rate.
    const seconds = Math.max(at - oldest.at, 1_000) / 1_000;
    return {
      progress,
      callsPerSecond: Math.round((sent - oldest.sent) / seconds),
      secondsLeft: secondsLeft(progress, (at - startedAt) / 1_000),
    };
  };
}

/** After what was read so far; not before all registries are known, and some of them read. */
function secondsLeft({ isPlanned, planned, read }: AuditProgress, elapsed: number): number | null {
  if (!isPlanned || read === 0 || read === planned) return null;
  return (elapsed / read) * (planned - read);
}
