import type { Scanning } from "../../facts/scanning.ts";
import { defineRuleCheck } from "../define-check.ts";
import { publishedRequirements } from "../published-requirements.ts";
import { pass, unknownBecause } from "../verdict.ts";
import { scanCoverageRemediation } from "./remediation.ts";
import { allowsManualScans, coverOf, defaultFrequencies, defaultScanning } from "./scanning.ts";
import { scanCoverageText } from "./text.ts";

/** Fails if the registry does not scan all images that a rule caches. */
export const scanCoverage = defineRuleCheck({
  id: "scan-coverage",
  severity: "medium",
  requirements: publishedRequirements.scanning,
  text: scanCoverageText,
  remediation: scanCoverageRemediation,
  predictable: false,
  facts: ["scanning"],
  isDemanded: ({ scanning }) => scanning !== undefined && scanning.required !== false,
  evaluate: ({ rule, registry, policy }) => {
    if (registry.scanning.state === "unreadable") return unknownBecause(registry.scanning);
    const scanning = registry.scanning.state === "present" ? registry.scanning.value : defaultScanning;
    const { frequencies = defaultFrequencies } = policy.scanning ?? {};
    if (allowsManualScans(scanning, frequencies)) return pass;
    const covers = coversOf(scanning, frequencies, rule.ecrRepositoryPrefix);
    if (covers.some(({ cover }) => cover === "all")) return pass;
    const filters = covers.filter(({ cover }) => cover === "some").map(({ filter }) => filter);
    const data = { ...scanning, frequencies };
    return filters.length === 0
      ? { status: "FAIL", kind: "not-scanned", data }
      : { status: "FAIL", kind: "partly-scanned", data: { ...data, filters } };
  },
});

/** How far each filter with an accepted frequency covers `prefix`. */
function coversOf({ rules }: Scanning, frequencies: readonly string[], prefix: string) {
  return rules
    .filter(({ scanFrequency }) => frequencies.includes(scanFrequency))
    .flatMap(({ filters }) => filters)
    .map((filter) => ({ filter, cover: coverOf(filter, prefix) }));
}
