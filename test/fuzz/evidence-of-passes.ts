import { type CheckId, isCheckId } from "../../src/checks/index.ts";
import type { Report } from "../../src/schemas/report.ts";
import type { RecordedCall } from "../simulator/ledger.ts";

/**
 * The call beyond the listing of rules without whose answer a check cannot pass; `null` where it needs only the
 * rules. Does not compile when a check of the catalogue is missing.
 */
const needed = {
  "rule-validation": "ValidatePullThroughCacheRule",
  "allowed-upstream": null,
  "prefix-convention": null,
  "root-prefix": null,
  "overlapping-prefixes": null,
  "duplicate-upstream": null,
  "upstream-credentials": null,
  "secret-health": "DescribeSecret",
  "upstream-role": null,
  "upstream-scope": null,
  "required-rule": null,
  "undeclared-rule": null,
  "creation-template": "DescribeRepositoryCreationTemplates",
  "scan-coverage": "GetRegistryScanningConfiguration",
  "registry-policy": "GetRegistryPolicy",
  "cached-repositories": "DescribeRepositories",
  "unused-cached-repositories": "GetMetricData",
  "orphaned-cached-repositories": "DescribeRepositories",
  "failed-pulls": null,
  "unapproved-change": null,
  "rule-quota": null,
  "fleet-consistency": null,
} satisfies Record<CheckId, string | null>;

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
      const operations = [
        "DescribePullThroughCacheRules",
        (isCheckId(check) ? needed[check] : null) ?? [],
      ].flat();
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
