import type { CoverageGap } from "../schemas/report.ts";
import { cutToCharacters } from "./escape/cut.ts";

const LONGEST_DETAIL = 300;
const LONGEST_NAME = 60;
const MOST_PREFIXES = 10;

/** A gap for a message that must stay small: long texts are cut, and so is the list of prefixes. */
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

/** Why something could not be seen or judged. */
export type GapReason = CoverageGap["reason"];

/** What people read of a reason, and what mends it. */
export const reasonWords = {
  "access-denied": {
    what: "Access denied",
    fix: "Allow this operation to the auditor's role in these accounts.",
  },
  "denied-by-scp": {
    what: "Denied by a service control policy",
    fix: "Exempt the auditor's role from the policy, or leave these regions out of the scope.",
  },
  "role-not-assumable": {
    what: "The auditor's role can not be assumed",
    fix: "Create the role in these accounts, and let the auditing account assume it.",
  },
  "region-disabled": {
    what: "The region is disabled",
    fix: "Enable the region, or leave it out of the scope.",
  },
  throttled: {
    what: "Throttled by AWS",
    fix: "Lower the concurrency, or audit at a quieter hour.",
  },
  timeout: {
    what: "No answer in time",
    fix: "Run the audit again; if it stays, check the network path to these regions.",
  },
  deadline: {
    what: "The audit ran out of time",
    fix: "Narrow the scope, raise the concurrency, or run the audit as a state machine.",
  },
  "service-error": {
    what: "AWS answered with an error",
    fix: "Run the audit again; if it stays, look at what AWS said.",
  },
  "not-collected": {
    what: "Not asked for",
    fix: "Record the snapshot with the policy that it is judged by.",
  },
  "check-error": {
    what: "A check failed to run",
    fix: "This is a defect of pull-through-auditor: report it with this message.",
  },
} as const satisfies Record<GapReason, { what: string; fix: string }>;

/** Whether `value` names a reason. */
export function isGapReason(value: unknown): value is GapReason {
  return typeof value === "string" && Object.hasOwn(reasonWords, value);
}
