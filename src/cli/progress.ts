import type { AuditProgress } from "../audit/audit.ts";
import { type Pace, progressWords } from "./progress-words.ts";
import { type TextStream, widthOf } from "./terminal.ts";

/** Shows how far an audit is. */
export type ProgressView = {
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
