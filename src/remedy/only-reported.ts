import type { Finding } from "../model/finding.ts";
import type { Report } from "../model/report.ts";

/**
 * Of what is seen now, what a report of before says of failures; and of what that report only remembered, as its
 * registry could not be read, that it is so. A report holds no rules: what is mended is what fails now as it did then.
 */
export function onlyReported(now: Report, { findings }: Report): readonly Finding[] {
  const failing = findings.filter(({ status }) => status === "FAIL");
  const ids = new Set(failing.map(({ id }) => id));
  const seen = now.findings.filter(({ id }) => ids.has(id));
  const seenIds = new Set(seen.map(({ id }) => id));
  return [...seen, ...failing.filter(({ id, stale }) => stale && !seenIds.has(id))];
}
