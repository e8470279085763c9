import { reasonAdvice } from "../facts/reason-advice.ts";
import type { CoverageGap } from "../schemas/report.ts";
import { cutToCharacters } from "./escape/cut.ts";

const LONGEST_DETAIL = 300;
const LONGEST_NAME = 60;
const MOST_PREFIXES = 10;

/** Shortens a gap for messages of limited size: cuts long texts and the list of prefixes. */
export function briefGap(gap: CoverageGap): CoverageGap {
  return {
    ...gap,
    accountName: gap.accountName === null ? null : cutToCharacters(gap.accountName, LONGEST_NAME),
    operation: cutToCharacters(gap.operation, LONGEST_NAME),
    detail: cutToCharacters(gap.detail, LONGEST_DETAIL),
    prefixes: briefPrefixes(gap.prefixes),
  };
}

function briefPrefixes(prefixes: readonly string[]): string[] {
  const shown = prefixes.slice(0, MOST_PREFIXES).map((prefix) => cutToCharacters(prefix, LONGEST_NAME));
  const left = prefixes.length - shown.length;
  return left > 0 ? [...shown, `\u2026 (${left} more)`] : shown;
}

/** Why something could not be read or evaluated. */
export type GapReason = CoverageGap["reason"];

/** Whether `value` is a known reason. */
export function isGapReason(value: unknown): value is GapReason {
  return typeof value === "string" && Object.hasOwn(reasonAdvice, value);
}
