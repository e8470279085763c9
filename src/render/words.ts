import type { Severity } from "../schemas/finding.ts";

/** The letter of each severity in the heat map of accounts and regions. */
export const severityLetters = {
  critical: "C",
  high: "H",
  medium: "M",
  low: "L",
  informational: "I",
} as const satisfies Record<Severity, string>;

/** What a message about an audit needs besides the report. */
export type DeliveryOptions = {
  /** The location of the stored report, for readers; `null` if it is not stored. */
  readonly reportLocation: string | null;
};

/** Returns the location of the report's HTML page, which is stored beside its JSON. */
export function pageLocation(reportLocation: string): string {
  return reportLocation.replace(/\/report\.json$/, "/report.html");
}

/** Formats a whole number with thousands separators: `5,800`. */
export function grouped(value: number): string {
  // Not an Intl.NumberFormat of the module: making one loads ICU, a tenth of the time that a function takes to start.
  return value.toLocaleString("en-US");
}

/** Formats a number and its noun: `1 finding`, `5,800 findings`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}

/** Lists the first `limit` items and counts the rest: `a, b and 3 more`. */
export function listed(items: readonly string[], limit: number): string {
  const shown = items.slice(0, limit).join(", ");
  return items.length > limit ? `${shown} and ${grouped(items.length - limit)} more` : shown;
}

/** A text of AWS as a sentence: with a full stop, if it ends with no other mark. */
export function sentence(text: string): string {
  return /[.!?:;]\s*$/.test(text) || text.trim() === "" ? text : `${text.trimEnd()}.`;
}

/** Formats an ISO 8601 time to the minute, in UTC: `2026-11-20 02:00 UTC`. */
export function minuteOf(time: string): string {
  const parsed = new Date(time);
  if (Number.isNaN(parsed.getTime())) return "at an unknown time";
  return `${parsed.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Returns the UTC day of an ISO 8601 time: `2026-11-20`. */
export function dayOf(time: string): string {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? "an unknown day" : parsed.toISOString().slice(0, 10);
}

/** Formats the time between two ISO 8601 times: `12 s`, `3 min 12 s`, `1 h 4 min`. */
export function elapsed(from: string, to: string): string {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (Number.isNaN(seconds)) return "an unknown time";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
