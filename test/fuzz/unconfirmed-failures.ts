import type { Report } from "../../src/schemas/report.ts";
import type { RecordedCall } from "../simulator/ledger.ts";
import { callsAsking } from "./oracle/ledger.ts";

/** The rules that are said to fail although AWS said so only once: a failure counts when it is said again. */
export function unconfirmedFailures({ findings }: Report, calls: readonly RecordedCall[]): readonly string[] {
  return findings
    .filter(({ check, status, stale }) => check === "rule-validation" && status === "FAIL" && !stale)
    .filter(({ account, region, prefix }) => {
      const about = { ecrRepositoryPrefix: prefix ?? "" };
      const operation = "ValidatePullThroughCacheRule";
      const asked = callsAsking(calls, { service: "ecr", operation, account, region, about });
      return asked.filter(({ httpStatus }) => httpStatus === 200).length < 2;
    })
    .map(({ account, region, prefix }) => `FAIL after one validation: ${account} ${region} ${prefix}`);
}
