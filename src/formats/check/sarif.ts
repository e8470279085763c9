import { briefLine } from "../../render/escape/cut.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { type SarifContext, sarifText, verdictOn } from "../sarif/log.ts";

/**
 * Renders the report on code in the Static Analysis Results Interchange Format 2.1.0 (OASIS standard, 27 March 2020).
 * Locations are file paths relative to the working directory, which GitHub needs to show findings in changes.
 */
export function renderCheckSarif(report: CheckReport, context: SarifContext): string {
  return sarifText(report.findings, resultOf, context, {
    automationDetails: { id: "pull-through-auditor-check/" },
    invocations: [{ executionSuccessful: true }],
  });
}

function resultOf(finding: CodeFinding) {
  const { id, severity, kind, docs, address } = finding;
  // The code that a plan was made from is where people can change something.
  const { file, line } = finding.source ?? finding;
  return {
    ...verdictOn(finding),
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          // GitHub does not show results without a line.
          region: { startLine: line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: briefLine(address), kind: "resource" }],
      },
    ],
    partialFingerprints: { "findingId/v1": id, primaryLocationLineHash: id },
    properties: { severity, kind: briefLine(kind), docs: briefLine(docs) },
  };
}

/** Converts a file name to a relative URI, and an absolute path to a `file:` URI. */
export function uriOf(file: string): string {
  const path = briefLine(file).toWellFormed().replaceAll("\\", "/").replace(/^\.\//, "");
  const uri = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${uri}` : uri;
}
