import type { Finding } from "../../model/finding.ts";
import { safeJson } from "../escape/json.ts";
import { dayOf } from "../words.ts";

const DAYS = 30;
const dayMs = 86_400_000;

/**
 * An entry for the policy's `waivers` that holds for this finding and nothing else, for 30 days from the audit. Reason
 * and owner are empty: the policy is refused until somebody fills them in.
 */
export function waiverSnippet(finding: Finding, auditedAt: string): string {
  const { check, account, region, prefix } = finding;
  const indented = safeJson(
    {
      check,
      accounts: [account],
      regions: [region],
      // Of a registry as a whole only a waiver for every prefix holds.
      ...(prefix === null ? {} : { prefixes: [prefix] }),
      reason: "",
      owner: "",
      expires: dayOf(new Date(Date.parse(auditedAt) + DAYS * dayMs).toISOString()),
    },
    2,
  );
  return indented.replace(listOfOne, "[$1]");
}

/** A list of one name, which reads better in one line. */
const listOfOne = /\[\s+("(?:[^"\\]|\\.)*")\s+\]/g;
