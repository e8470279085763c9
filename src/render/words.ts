import type { Severity } from "../schemas/finding.ts";

/** What stands for a severity in the cells of a map of accounts and regions. */
export const severityLetters = {
  critical: "C",
  high: "H",
  medium: "M",
  low: "L",
  informational: "I",
} as const satisfies Record<Severity, string>;

/** What a message about an audit says beyond the report. */
export type DeliveryOptions = {
  /** Where the whole report is stored, as people look it up; `null` when it is nowhere. */
  readonly reportLocation: string | null;
};

/** Where people look instead: the page is kept beside the report's JSON. */
export function pageLocation(reportLocation: string): string {
  return reportLocation.replace(/\/report\.json$/, "/report.html");
}

const integers = new Intl.NumberFormat("en-US");

/** A whole number with its thousands set apart: `5,800`. */
export function grouped(value: number): string {
  return integers.format(value);
}

/** A number and its noun: `1 finding`, `5,800 findings`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}

/** The first `limit` of `items`, and how many are left: `a, b and 3 more`. */
export function listed(items: readonly string[], limit: number): string {
  const shown = items.slice(0, limit).join(", ");
  return items.length > limit ? `${shown} and ${grouped(items.length - limit)} more` : shown;
}

/** A time of the report, an ISO 8601 text, to the minute and in UTC: `2026-11-20 02:00 UTC`. */
export function minuteOf(time: string): string {
  const parsed = new Date(time);
  if (Number.isNaN(parsed.getTime())) return "at an unknown time";
  return `${parsed.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The day of an ISO 8601 time in UTC: `2026-11-20`. */
export function dayOf(time: string): string {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? "an unknown day" : parsed.toISOString().slice(0, 10);
}

/** The time between two ISO 8601 times, as people say it: `12 s`, `3 min 12 s`, `1 h 4 min`. */
export function elapsed(from: string, to: string): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (Number.isNaN(seconds)) return "an unknown time";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
