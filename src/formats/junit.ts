import XmlBuilder from "fast-xml-builder";
import { reasonAdvice } from "../facts/reason-advice.ts";
import { ownerText } from "../render/causes.ts";
import { briefLine } from "../render/escape/cut.ts";
import { groupsOf } from "../render/group.ts";
import { accountLabel, nameText } from "../render/locations.ts";
import { sentence } from "../render/words.ts";
import { isResolved } from "../schemas/count-findings.ts";
import type { Finding } from "../schemas/finding.ts";
import type { CoverageGap, Report } from "../schemas/report.ts";
import type { Evaluated } from "./sarif/log.ts";
import { waiverWords } from "./text/sections/waiver-words.ts";

/** The outcome of a test case; `null` if it passed. */
type Outcome =
  | {
      readonly kind: "failure" | "error";
      readonly type: string;
      readonly message: string;
      readonly text: string;
    }
  | { readonly kind: "skipped"; readonly message: string }
  | null;

/** One test case, which represents a finding or a gap. */
type TestCase = { readonly name: string; readonly outcome: Outcome };

/** Test cases under one name. */
type Suite = { readonly name: string; readonly cases: readonly TestCase[] };

/**
 * Renders suites as JUnit XML. All texts must be inline texts, which contain no character that XML 1.0 forbids.
 *
 * @param when start and duration, if known
 */
export function junitXml(
  suites: readonly Suite[],
  when?: { readonly timestamp: string; readonly seconds: number },
): string {
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "pull-through-auditor",
      ...counts(suites.flatMap(({ cases }) => cases)),
      ...(when === undefined ? {} : { "@time": when.seconds }),
      testsuite: suites.map(({ name, cases }) => ({
        "@name": name,
        ...counts(cases),
        ...(when === undefined ? {} : { "@timestamp": when.timestamp }),
        testcase: cases.map((testCase) => element(name, testCase)),
      })),
    },
  });
}

const builder = new XmlBuilder({
  attributeNamePrefix: "@",
  textNodeName: "#",
  ignoreAttributes: false,
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  format: true,
});

/** Converts a finding to the outcome of a test case. */
export function outcomeOf(finding: Evaluated & { readonly kind: string; readonly stale?: boolean }): Outcome {
  const { status, severity, kind, title, message, remediation, waiver, stale = false } = finding;
  switch (status) {
    case "PASS":
      return null;
    case "NOT_APPLICABLE":
      return { kind: "skipped", message: `Does not apply: ${briefLine(message)}` };
    case "WAIVED":
      return { kind: "skipped", message: `Waived${waiver === null ? "" : ` ${waiverWords(waiver)}`}` };
    case "UNKNOWN":
    case "FAIL": {
      const text = briefLine(
        `${stale ? "Not covered in this audit; this is the last known state. " : ""}${message} ${remediation}`,
      );
      const failed = { type: nameText(kind), message: `${severity.toUpperCase()} ${briefLine(title)}`, text };
      return { kind: status === "FAIL" ? "failure" : "error", ...failed };
    }
  }
}

function element(classname: string, { name, outcome }: TestCase) {
  const named = { "@classname": classname, "@name": name };
  if (outcome === null) return named;
  if (outcome.kind === "skipped") return { ...named, skipped: { "@message": outcome.message } };
  const { kind, message, type, text } = outcome;
  return { ...named, [kind]: { "@message": message, "@type": type, "#": text } };
}

function counts(cases: readonly TestCase[]) {
  const of = (kind: NonNullable<Outcome>["kind"]) =>
    cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return {
    "@tests": cases.length,
    "@failures": of("failure"),
    "@errors": of("error"),
    "@skipped": of("skipped"),
  };
}

/**
 * Renders the report as JUnit XML, with one suite for each check and one for coverage. Failing findings are failures,
 * unknown findings and coverage gaps are errors, and findings that are waived or do not apply are skipped. Passing
 * findings appear only if the report contains them. The format has no standard; this output uses what Jenkins, GitLab and
 * GitHub's reporters read. All texts are inline texts, which contain no character that XML 1.0 forbids.
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
    cases: ofCheck.map((finding) => ({
      name: locationOf(finding),
      outcome: withOwner(outcomeOf(finding), finding),
    })),
  }));
  return [{ name: "coverage", cases: coverageCases(coverage.gaps) }, ...ofChecks];
}

/** Names the owner in front of the text: reporters cut long texts. */
function withOwner(outcome: Outcome, { owner }: Finding): Outcome {
  if (owner === null || outcome === null || outcome.kind === "skipped") return outcome;
  return { ...outcome, text: `Owner: ${ownerText(owner)}. ${outcome.text}` };
}

function coverageCases(gaps: readonly CoverageGap[]): readonly TestCase[] {
  if (gaps.length === 0) return [{ name: "all registries were covered", outcome: null }];
  return gaps.map((gap) => {
    const { reason, operation, detail, prefixes } = gap;
    const { title, advice } = reasonAdvice[reason];
    const concerned = prefixes.length === 0 ? "" : `Affected rules: ${prefixes.join(", ")}. `;
    return {
      name: `${locationOf({ ...gap, prefix: null })}: ${nameText(operation)}`,
      outcome: {
        kind: "error",
        type: reason,
        message: title,
        text: briefLine(`${concerned}${sentence(detail)} ${advice}`),
      },
    };
  });
}

function locationOf({
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
