import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import { CannotStartError, RequestError } from "../../src/audit/ports.ts";
import { exitCode, exitCodeOf, exitCodeOfError, type FailOn } from "../../src/cli/exit-code.ts";
import { UsageError } from "../../src/cli/terminal.ts";
import { ConfigurationError } from "../../src/core/problem.ts";
import { type Severity, type Status, severities, statusSchema } from "../../src/schemas/finding.ts";
import { aFinding, aGap, aReport } from "../support/report-builders.ts";

it("the codes are those that are documented", () => {
  expect(exitCode).toEqual({
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
  });
});

function reportOf(status: Status, severity: Severity, gaps: number) {
  return aReport({
    findings: [aFinding({ status, severity })],
    gaps: Array.from({ length: gaps }, () => aGap()),
  });
}

it("an audit that planned nothing is incomplete, whatever it says of findings", () => {
  const report = aReport({ coverage: { ...aReport().coverage, planned: 0, audited: 0 } });
  expect(exitCodeOf(report, "low")).toBe(exitCode.incomplete);
  expect(exitCodeOf(report, "never")).toBe(exitCode.incomplete);
});

describe("a finding that fails", () => {
  const failOns: readonly FailOn[] = [...severities, "never"];
  const table = severities.flatMap((severity, rank) =>
    failOns.map((failOn, threshold) => ({
      severity,
      failOn,
      fails: failOn !== "never" && rank <= threshold,
    })),
  );

  it.each(table)("of $severity severity, failing on $failOn: $fails", ({ severity, failOn, fails }) => {
    expect(exitCodeOf(reportOf("FAIL", severity, 0), failOn)).toBe(fails ? 1 : 0);
    expect(exitCodeOf(reportOf("FAIL", severity, 1), failOn)).toBe(fails ? 1 : 2);
  });
});

it.each(statusSchema.exclude(["FAIL"]).options)("a finding that is %s fails no run", (status) => {
  expect(exitCodeOf(reportOf(status, "critical", 0), "informational")).toBe(0);
  expect(exitCodeOf(reportOf(status, "critical", 1), "informational")).toBe(2);
});

it.each([
  [new DeliveryError([]), 3],
  [new UsageError("no"), 64],
  [new RequestError([]), 64],
  [new CannotStartError("no"), 69],
  [new ConfigurationError("Policy", []), 78],
  [new TypeError("x is not a function"), 70],
  ["thrown text", 70],
])("%s ends with %i", (error, code) => {
  expect(exitCodeOfError(error)).toBe(code);
});
