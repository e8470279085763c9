import type { Report } from "../../src/schemas/report.ts";
import type { RecordedCall } from "../simulator/ledger.ts";

/** The calls without whose answers a check can not pass; all others need only the rules. */
const needed: Readonly<Record<string, string>> = {
  "rule-validation": "ValidatePullThroughCacheRule",
  "secret-health": "DescribeSecret",
  "creation-template": "DescribeRepositoryCreationTemplates",
  "scan-coverage": "GetRegistryScanningConfiguration",
  "registry-policy": "GetRegistryPolicy",
};

/**
 * The findings that pass although a call that they rest on was never answered well. Knows nothing of what the checks
 * mean, so that it would hold even where the oracle errs as the auditor does.
 */
export function passesWithoutEvidence(
  { findings }: Report,
  calls: readonly RecordedCall[],
): readonly string[] {
  const answered = new Set(calls.filter(wasAnswered).flatMap(keysOf));
  return findings
    .filter(({ status, transition }) => status === "PASS" && transition !== "resolved")
    .filter(({ check, account, region, prefix }) => {
      const operations = ["DescribePullThroughCacheRules", needed[check] ?? []].flat();
      const ofRule = check === "rule-validation" ? ` ${prefix}` : "";
      return operations.some((operation, index) => {
        const key = `${account} ${region} ${operation}${index === 1 ? ofRule : ""}`;
        return !answered.has(key);
      });
    })
    .map(
      ({ check, account, region, prefix }) =>
        `PASS without evidence: ${account} ${region} ${prefix} ${check}`,
    );
}

function wasAnswered({ httpStatus, errorCode }: RecordedCall): boolean {
  return httpStatus === 200 || errorCode === "RegistryPolicyNotFoundException";
}

function keysOf({ account, region, operation, input }: RecordedCall): readonly string[] {
  const place = `${account} ${region} ${operation}`;
  const prefix: unknown = Object(input)["ecrRepositoryPrefix"];
  return typeof prefix === "string" ? [place, `${place} ${prefix}`] : [place];
}
