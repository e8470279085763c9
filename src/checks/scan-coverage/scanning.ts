import { matchesName } from "../../core/wildcards.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { CachedRepository } from "../../facts/cached-repositories.ts";
import type { Scanning } from "../../facts/scanning.ts";

/** The accepted scan frequencies if the policy does not set any. */
export const defaultFrequencies = ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"] as const;

/** The default configuration of a registry (ECR API, PutRegistryScanningConfiguration, November 2026). */
export const defaultScanning: Scanning = { scanType: "BASIC", rules: [] };

/** Whether manual scans are accepted: basic scanning allows them for repositories that match no filter. */
export function allowsManualScans({ scanType }: Scanning, frequencies: readonly string[]): boolean {
  return scanType === "BASIC" && frequencies.includes("MANUAL");
}

/** Whether the registry scans a repository with one of `frequencies`, by its filters or by the repository's own setting. */
export function scansRepository(
  scanning: Scanning,
  frequencies: readonly string[],
  { name, scanOnPush }: Pick<CachedRepository, "name" | "scanOnPush">,
): boolean {
  if (allowsManualScans(scanning, frequencies)) return true;
  if (scanning.scanType === "BASIC" && scanOnPush && frequencies.includes("SCAN_ON_PUSH")) return true;
  return scanning.rules
    .filter(({ scanFrequency }) => frequencies.includes(scanFrequency))
    .flatMap(({ filters }) => filters)
    .some((filter) => (filter.includes("*") ? matchesName(filter, name) : name.includes(filter)));
}

/** How many of the possible repositories under a prefix a scanning filter matches. */
type Cover = "all" | "some" | "none";

/**
 * Determines how far a scanning filter covers the repositories of a rule with `prefix`. A filter without `*` matches
 * every name that contains it. A filter with `*` must match the whole name, and `*` matches any number of characters
 * (Amazon ECR user guide, "Filters to choose which repositories are scanned", November 2026).
 *
 * A name under a prefix can continue in any way. A filter therefore matches all names only if it matches their common
 * part, the prefix and its slash. It matches some of them if the text before its first `*` is compatible with it.
 */
export function coverOf(filter: string, prefix: string): Cover {
  const common = prefix === ROOT_PREFIX ? "" : `${withoutSlash(prefix)}/`;
  if (!filter.includes("*")) return common.includes(filter) ? "all" : "some";
  if (filter.endsWith("*") && matchesName(filter, common)) return "all";
  const start = filter.slice(0, filter.indexOf("*"));
  return start.startsWith(common) || common.startsWith(start) ? "some" : "none";
}

/**
 * Extends a scanning configuration to scan the repositories that `filter` matches, with one of `frequencies`. Keeps the
 * scan type and all filters if possible: basic scanning does not support continuous scans, and enhanced scanning does
 * not support manual scans (ECR API, `RegistryScanningRule`, November 2026).
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
