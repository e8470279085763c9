import { byteLength } from "../core/bytes.ts";
import type { Finding } from "../schemas/finding.ts";
import { fitting } from "./escape/cut.ts";

/** The steps of a remediation. A finding of an older version has only one text. */
export function stepsIn({ steps, remediation }: Pick<Finding, "steps" | "remediation">): Finding["steps"] {
  return steps.length === 0 ? [{ text: remediation, commands: [] }] : steps;
}

/**
 * The remediation in at most `bytes` bytes: as a whole, or its first steps. It has no command that is cut; `null` if
 * not even the first step fits.
 */
export function remediationWithin(
  finding: Pick<Finding, "steps" | "remediation">,
  bytes: number,
): string | null {
  if (byteLength(finding.remediation) <= bytes) return finding.remediation;
  const lines = stepsIn(finding).flatMap(({ text, commands }) => [text, ...commands]);
  const first = fitting(lines, bytes, (line) => byteLength(line) + 1);
  return first.length === 0 ? null : first.join(" ");
}
