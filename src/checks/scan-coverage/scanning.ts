import { matchesName } from "../../core/wildcards.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Scanning } from "../../facts/scanning.ts";

/** How many of the repositories that may come to be under a prefix a scanning filter matches. */
type Cover = "all" | "some" | "none";

/**
 * Decides how far a scanning filter covers what a rule with `prefix` caches. A filter without `*` matches each
 * name that contains it; in one with `*`, which matches names as a whole, `*` stands for any characters or none
 * (Amazon ECR user guide, "Filters to choose which repositories are scanned", November 2026).
 *
 * Names under a prefix go on in any way. So a filter matches all of them only by what they have in common, which
 * is the prefix and its slash; and some of them as soon as nothing before its first `*` contradicts that.
 */
export function coverOf(filter: string, prefix: string): Cover {
  const common = prefix === ROOT_PREFIX ? "" : `${withoutSlash(prefix)}/`;
  if (!filter.includes("*")) return common.includes(filter) ? "all" : "some";
  if (filter.endsWith("*") && matchesName(filter, common)) return "all";
  const start = filter.slice(0, filter.indexOf("*"));
  return start.startsWith(common) || common.startsWith(start) ? "some" : "none";
}

/**
 * A scanning configuration that also scans what `filter` matches, at one of `frequencies`. It keeps the scan
 * type and all filters where it can: basic scanning knows no continuous scans, and enhanced scanning no manual
 * ones (ECR API, `RegistryScanningRule`, November 2026).
 */
export function extendedScanning(
  scanning: Scanning,
  frequencies: readonly string[],
  filter: string,
): Scanning {
  const { scanType, rules } = scanning;
  const onPushCounts = frequencies.includes("SCAN_ON_PUSH");
  if (frequencies.includes("CONTINUOUS_SCAN") && (scanType === "ENHANCED" || !onPushCounts)) {
    return { scanType: "ENHANCED", rules: withFilter(rules, "CONTINUOUS_SCAN", filter) };
  }
  if (onPushCounts) return { scanType, rules: withFilter(rules, "SCAN_ON_PUSH", filter) };
  return { scanType: "BASIC", rules: rules.filter(({ scanFrequency }) => scanFrequency === "SCAN_ON_PUSH") };
}

function withFilter(rules: Scanning["rules"], scanFrequency: string, filter: string): Scanning["rules"] {
  const filters = rules
    .filter((rule) => rule.scanFrequency === scanFrequency)
    .flatMap((rule) => rule.filters);
  const others = rules.filter((rule) => rule.scanFrequency !== scanFrequency);
  return [...others, { scanFrequency, filters: [...filters, filter] }];
}
