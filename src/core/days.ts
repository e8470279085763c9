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
