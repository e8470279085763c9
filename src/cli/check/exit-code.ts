import type { CheckReport } from "../../model/check-report.ts";
import { severityRank } from "../../model/finding.ts";
import { type ExitCode, exitCode, type FailOn } from "../exit-code.ts";

/** The exit code of a check that is done. With `strict`, what is not known yet counts as not seen. */
export function exitCodeOfCheck(
  { findings }: CheckReport,
  { failOn, strict }: { readonly failOn: FailOn; readonly strict: boolean },
): ExitCode {
  const fails = findings.some(
    ({ status, severity }) =>
      status === "FAIL" && failOn !== "never" && severityRank(severity) <= severityRank(failOn),
  );
  if (fails) return exitCode.failing;
  const isUnknown = findings.some(({ status }) => status === "UNKNOWN");
  return strict && isUnknown ? exitCode.incomplete : exitCode.compliant;
}
