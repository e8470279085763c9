import { DeliveryError } from "../audit/deliver/deliver.ts";
import { CannotStartError, RequestError, StoreError } from "../audit/ports.ts";
import { ConfigurationError } from "../core/problem.ts";
import { type Severity, severityRank } from "../schemas/finding.ts";
import type { Report } from "../schemas/report.ts";
import { OutputError } from "./output-file.ts";
import { UsageError } from "./terminal.ts";

/**
 * The exit codes of the process. Codes 64 to 78 are those of BSD's sysexits.h; 130 is what a
 * shell reports for a process that Ctrl-C ended.
 */
export const exitCode = {
  compliant: 0,
  failing: 1,
  incomplete: 2,
  notDelivered: 3,
  usage: 64,
  cannotStart: 69,
  defect: 70,
  outputLost: 74,
  configuration: 78,
  interrupted: 130,
} as const;

/** One of the documented exit codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** From which severity on a failing finding fails the run. */
export type FailOn = Severity | "never";

/** The exit code of an audit that is done. One that planned nothing saw nothing: it is not compliant. */
export function exitCodeOf(report: Report, failOn: FailOn): ExitCode {
  if (failOn !== "never" && failsAt(report, failOn)) return exitCode.failing;
  const { gaps, planned } = report.coverage;
  return gaps.length > 0 || planned === 0 ? exitCode.incomplete : exitCode.compliant;
}

function failsAt({ findings }: Report, failOn: Severity): boolean {
  return findings.some(
    ({ status, severity }) => status === "FAIL" && severityRank(severity) <= severityRank(failOn),
  );
}

/**
 * The exit code when an output could not be written. It hides neither a delivery that failed nor a finding nor another
 * error; it goes before what could not be seen, which a lost report may not tell.
 */
export function withLostOutput(code: ExitCode): ExitCode {
  return code === exitCode.compliant || code === exitCode.incomplete ? exitCode.outputLost : code;
}

/** The exit code for what kept a command from being done. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof DeliveryError) return exitCode.notDelivered;
  if (error instanceof UsageError || error instanceof RequestError) return exitCode.usage;
  if (error instanceof OutputError) return exitCode.outputLost;
  if (error instanceof StoreError) return exitCode.notDelivered;
  if (error instanceof CannotStartError) return exitCode.cannotStart;
  if (error instanceof ConfigurationError) return exitCode.configuration;
  return exitCode.defect;
}
