import { briefLine } from "../../render/escape/cut.ts";
import { groupsOf } from "../../render/group.ts";
import { nameText } from "../../render/locations.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { junitXml, outcomeOf } from "../junit.ts";
import { sourceLocationText } from "./words.ts";

/**
 * Renders the report on code as JUnit XML, with one suite for each check. What is not known before deployment is skipped,
 * because it is not an error and must not fail a build.
 */
export function renderCheckJunit({ findings }: CheckReport): string {
  return junitXml(
    groupsOf(findings, ({ check }) => check).map((ofCheck) => ({
      name: nameText(ofCheck[0].check),
      cases: ofCheck.map((finding) => ({ name: caseName(finding), outcome: outcomeInCode(finding) })),
    })),
  );
}

function caseName(finding: CodeFinding): string {
  return briefLine(`${sourceLocationText(finding)} ${finding.address}`);
}

function outcomeInCode(finding: CodeFinding): ReturnType<typeof outcomeOf> {
  if (finding.status !== "UNKNOWN") return outcomeOf(finding);
  return { kind: "skipped", message: briefLine(`Not known before deployment: ${finding.message}`) };
}
