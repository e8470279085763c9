import type { AuditProgress } from "../audit/collect/progress.ts";
import { displayWidth } from "../render/layout.ts";
import { counted, grouped } from "../render/words.ts";
import { type TextStream, widthOf } from "./terminal.ts";

/** The current progress of an audit, with its rate. */
type Pace = {
  readonly progress: AuditProgress;
  readonly callsPerSecond: number;
  /** `null` if it cannot be estimated yet. */
  readonly secondsLeft: number | null;
};

const SEPARATOR = " \u00b7 ";

/** The parts of the line, in order. On a narrow line the part with the highest `givesWay` is left out first. */
const parts: readonly { readonly givesWay: number; readonly textOf: (pace: Pace) => string | null }[] = [
  { givesWay: 0, textOf: ({ progress }) => registriesText(progress) },
  { givesWay: 5, textOf: ({ progress }) => counted(progress.accounts, "account") },
  { givesWay: 4, textOf: ({ callsPerSecond }) => `${grouped(callsPerSecond)} calls/s` },
  { givesWay: 3, textOf: ({ progress }) => unlessNone(progress.calls.throttled, "throttled") },
  { givesWay: 2, textOf: ({ progress }) => unlessNone(progress.gaps, progress.gaps === 1 ? "gap" : "gaps") },
  {
    givesWay: 1,
    textOf: ({ secondsLeft }) => (secondsLeft === null ? null : `${durationOf(secondsLeft)} left`),
  },
];

/** Describes the progress in at most `width` columns. Parts that do not fit are left out. */
export function progressText(pace: Pace, width: number): string {
  const shown = parts.flatMap(({ givesWay, textOf }) => {
    const text = textOf(pace);
    return text === null ? [] : [{ givesWay, text }];
  });
  const leaving = shown.toSorted((one, other) => other.givesWay - one.givesWay);
  let kept = shown;
  for (const next of leaving) {
    if (displayWidth(lineOf(kept)) <= width) break;
    kept = kept.filter((part) => part !== next);
  }
  return lineOf(kept);
}

function lineOf(shown: readonly { readonly text: string }[]): string {
  return shown.map(({ text }) => text).join(SEPARATOR);
}

function registriesText({ read, planned, isPlanned }: AuditProgress): string {
  // The number of registries is not final while accounts are still being listed.
  return `${grouped(read)} of ${grouped(planned)}${isPlanned ? "" : "+"} registries`;
}

function unlessNone(count: number, noun: string): string | null {
  return count === 0 ? null : `${grouped(count)} ${noun}`;
}

function durationOf(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole <= 90 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}

/** Shows the progress of an audit. */
type ProgressView = {
  readonly show: (progress: AuditProgress) => void;
  /** Removes the progress line. */
  readonly end: () => void;
};

const silent: ProgressView = { show: () => undefined, end: () => undefined };

/** Time between two redraws: as often as an operator can follow. */
const redrawMs = 100;
/** Time between two lines in a log: rare enough to keep the log readable. */
const logMs = 30_000;
/** The time over which the call rate is averaged. */
const windowMs = 5_000;

const ERASE_LINE = "\r\u001b[K";

/**
 * Opens a progress view: one line that is redrawn on a terminal, a plain line every 30 seconds elsewhere (such as the
 * log of a job), and nothing if `quiet`.
 *
 * @param now a monotonic time in milliseconds
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
      // Some terminals wrap a line that fills the last column.
      errors.write(`${ERASE_LINE}${progressText(pace, widthOf(errors) - 1)}`);
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
      errors.write(`${progressText(pace, Number.POSITIVE_INFINITY)}\n`);
    },
    end: () => undefined,
  };
}

/** Computes the rate of an audit from its successive progress. */
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
    // Less than a second is too short to compute a rate.
    const seconds = Math.max(at - oldest.at, 1_000) / 1_000;
    return {
      progress,
      callsPerSecond: Math.round((sent - oldest.sent) / seconds),
      secondsLeft: secondsLeft(progress, (at - startedAt) / 1_000),
    };
  };
}

/** Estimates the remaining time from the registries read so far; `null` until all are known and some are read. */
function secondsLeft({ isPlanned, planned, read }: AuditProgress, elapsed: number): number | null {
  if (!isPlanned || read === 0 || read === planned) return null;
  return (elapsed / read) * (planned - read);
}
