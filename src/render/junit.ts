import type { Finding } from "../model/finding.ts";
import type { CoverageGap, Report } from "../model/report.ts";
import { briefLine } from "./escape/brief.ts";
import { groupsOf } from "./group.ts";
import { junitXml, outcomeOf, type Suite, type TestCase } from "./junit/xml.ts";
import { accountLabel, nameText } from "./places.ts";
import { reasonWords } from "./reasons.ts";
import { isResolved } from "./tally.ts";

/**
 * The report as JUnit XML, a suite for each check and one for the coverage: what fails is a failure, what could not be
 * seen or told is an error, what is waived or does not apply is skipped. What passes is known only to a report that
 * holds it. There is no standard of the format; this keeps to what Jenkins, GitLab and GitHub's reporters read. All
 * texts are inline texts, which hold no character that XML 1.0 can not.
 */
export function renderJunit(report: Report): string {
  const timestamp = report.startedAt.slice(0, "2026-11-20T02:00:00".length);
  return junitXml(suitesOf(report), { timestamp, seconds: seconds(report) });
}

function suitesOf({ findings, coverage }: Report): readonly Suite[] {
  const ofChecks = groupsOf(
    findings.filter((finding) => !isResolved(finding)),
    ({ check }) => check,
  ).map((ofCheck) => ({
    name: nameText(ofCheck[0].check),
    cases: ofCheck.map((finding) => ({ name: placeOf(finding), outcome: outcomeOf(finding) })),
  }));
  return [{ name: "coverage", cases: coverageCases(coverage.gaps) }, ...ofChecks];
}

function coverageCases(gaps: readonly CoverageGap[]): readonly TestCase[] {
  if (gaps.length === 0) return [{ name: "all registries were seen", outcome: null }];
  return gaps.map((gap) => {
    const { reason, operation, detail, prefixes } = gap;
    const { what, mend } = reasonWords[reason];
    const concerned = prefixes.length === 0 ? "" : `Rules concerned: ${prefixes.join(", ")}. `;
    return {
      name: `${placeOf({ ...gap, prefix: null })}: ${nameText(operation)}`,
      outcome: {
        kind: "error",
        type: reason,
        message: what,
        text: briefLine(`${concerned}${detail} ${mend}`),
      },
    };
  });
}

function placeOf({
  account,
  accountName,
  region,
  prefix,
}: Pick<Finding, "account" | "accountName" | "region" | "prefix">) {
  const registry = `${accountLabel({ account, accountName })} / ${nameText(region)}`;
  return prefix === null ? registry : `${registry} / ${nameText(prefix)}`;
}

function seconds({ startedAt, finishedAt }: Report): number {
  return Math.max(0, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)) || 0;
}
