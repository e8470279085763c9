import { DeliveryError } from "../audit/deliver/deliver.ts";
import { CannotStartError, RequestError, StoreError } from "../audit/ports.ts";
import { fileSentenceOf } from "../core/errors.ts";
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

/** The lowest severity at which a failing finding fails the run. */
export type FailOn = Severity | "never";

/** The exit code of a completed audit. An audit with no registry in scope is incomplete, not compliant. */
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

/** Whether an audit that ran to its end exits with this code. */
export function isOutcome(code: ExitCode): boolean {
  return code === exitCode.compliant || code === exitCode.failing || code === exitCode.incomplete;
}

/**
 * The exit code if an output could not be written. It replaces the code of the outcome, because the lost report may be the
 * only record of what fails. It does not replace the code of a failed delivery or of another error.
 */
export function withLostOutput(code: ExitCode): ExitCode {
  return isOutcome(code) ? exitCode.outputLost : code;
}

/**
 * The exit code if the reader of standard output closed it. A reader that has seen enough is no failure, but the code of
 * failing findings stands for a report that names them.
 */
export function withClosedOutput(code: ExitCode): ExitCode {
  return code === exitCode.failing ? exitCode.outputLost : code;
}

/**
 * The exit code for an error that ended a command. An input that cannot be read is an error of its own: any other error
 * of the file system concerns something that is written.
 */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof DeliveryError) return exitCode.notDelivered;
  if (error instanceof UsageError || error instanceof RequestError) return exitCode.usage;
  if (error instanceof OutputError || fileSentenceOf(error) !== null) return exitCode.outputLost;
  if (error instanceof StoreError) return exitCode.notDelivered;
  if (error instanceof CannotStartError) return exitCode.cannotStart;
  if (error instanceof ConfigurationError) return exitCode.configuration;
  return exitCode.defect;
}
