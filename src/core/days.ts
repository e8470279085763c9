import * as z from "zod";

/** A day in UTC, as the number of days since 1970-01-01, so that days can be subtracted. */
export type Day = number;

const dayMs = 86_400_000;
const writtenDay = z.iso.date();

/** The day of a point in time. */
export function dayOf(time: Date): Day {
  return Math.floor(time.getTime() / dayMs);
}

/** Formats a day, such as `2027-01-31`. */
export function writeDay(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, "2027-01-31".length);
}

/** The day of a time in ISO 8601; `null` for any other text. */
export function dayOfTime(text: string): Day | null {
  const day = dayOf(new Date(text));
  return Number.isNaN(day) ? null : day;
}

/** Parses a day such as `2027-01-31`; `null` for any other text. */
export function parseDay(text: string): Day | null {
  return writtenDay.safeParse(text).success ? dayOfTime(text) : null;
}

/** A schedule does not start at the same second each day. */
const toleranceMs = 15 * 60_000;

/**
 * Returns the whole days from one time to another. A day that lacks a few minutes counts: what is due after seven days
 * is due in the seventh audit after it, even if that starts a little earlier in the day.
 */
export function daysBetween(from: string, to: Date): number {
  return Math.floor((to.getTime() - Date.parse(from) + toleranceMs) / 86_400_000);
}
