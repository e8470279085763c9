import type { Scanning } from "../../model/facts.ts";

/**
 * A scanning configuration that also scans what `filter` matches, at one of `frequencies`. It keeps the scan
 * type and all filters where it can: basic scanning knows no continuous scans, and enhanced scanning no manual
 * ones (ECR API, `RegistryScanningRule`, November 2026).
 */
export function mended(scanning: Scanning, frequencies: readonly string[], filter: string): Scanning {
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
