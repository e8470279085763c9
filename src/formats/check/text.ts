import { briefLine } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { groupsOf } from "../../render/group.ts";
import {
  type Page,
  type Paragraph,
  pageOf,
  prose,
  type Section,
  sectionText,
  severityTitle,
} from "../../render/page.ts";
import { counted } from "../../render/words.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { waiverWords } from "../text/sections/waiver-words.ts";
import type { TextOptions } from "../text/text.ts";
import { skippedChecksNote, sourceLocationText, verdictOnCode } from "./words.ts";

/**
 * Renders the report on code for a terminal: what fails and how to fix it, worst first, and what is unknown before
 * deployment. The last line is the verdict. Names from files are made harmless.
 */
export function renderCheckText(report: CheckReport, { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  const sections = [
    sectionOf("FAILING", ofStatus(report, "FAIL"), problemParagraph, page),
    sectionOf("NOT KNOWN BEFORE DEPLOYMENT", groupedByReason(report), unknownParagraph, page),
    sectionOf("WAIVED", ofStatus(report, "WAIVED"), waivedParagraph, page),
    sectionOf("PASSING", ofStatus(report, "PASS"), contentParagraph, page),
    sectionOf("NOT APPLICABLE", ofStatus(report, "NOT_APPLICABLE"), contentParagraph, page),
  ].filter((section) => section !== null);
  const skipped = skippedChecksNote(report);
  return `${[
    overview(report, page),
    ...sections.map((section) => sectionText(section, page)),
    ...(skipped === null ? [] : [prose(skipped, 0, page).join("\n")]),
    prose(verdictOnCode(report), 0, page).map(page.paint.bold).join("\n"),
  ].join("\n\n\n")}\n`;
}

type Findings = readonly [CodeFinding, ...CodeFinding[]];

function overview({ files, policy, summary }: CheckReport, page: Page): string {
  const head = `${counted(summary.rules, "rule")} in ${counted(files.length, "file")}; policy: ${inlineText(policy.name)}`;
  const lines = files.map(
    ({ file, format, rules }) => `${inlineText(file)} (${format}): ${counted(rules, "rule")}`,
  );
  return [
    page.paint.bold("PULL THROUGH CACHE RULES IN CODE"),
    "",
    ...prose(head, 0, page),
    ...lines.flatMap((line) => prose(line, 2, page)),
  ].join("\n");
}

function sectionOf(
  heading: string,
  groups: readonly Findings[],
  paragraphOf: (findings: Findings, page: Page) => Paragraph,
  page: Page,
): Section | null {
  if (groups.length === 0) return null;
  const count = groups.reduce((sum, { length }) => sum + length, 0);
  return {
    heading: `${heading}: ${counted(count, "finding")}`,
    paragraphs: groups.map((group) => paragraphOf(group, page)),
    unit: "finding",
  };
}

/** Returns the findings of one status, grouped by check and kind. */
function ofStatus({ findings }: CheckReport, status: CodeFinding["status"]): readonly Findings[] {
  return groupsOf(
    findings.filter((finding) => finding.status === status),
    ({ check, kind, severity }) => JSON.stringify([check, kind, severity]),
  );
}

/** Groups unknown findings by the missing value, because one unknown value affects many checks. */
function groupedByReason({ findings }: CheckReport): readonly Findings[] {
  return groupsOf(
    findings.filter(({ status }) => status === "UNKNOWN"),
    ({ file, address, kind, remediation }) => JSON.stringify([file, address, kind, remediation]),
  );
}

function problemParagraph(findings: Findings, page: Page): Paragraph {
  const [{ severity, title, check, docs }] = findings;
  return {
    lines: [
      ...severityTitle(severity, briefLine(title), page),
      ...prose(
        `${inlineText(check)}, ${counted(findings.length, "finding")}. Read more: ${inlineText(docs)}`,
        2,
        page,
      ),
      ...findings.flatMap((finding) => [
        "",
        ...prose(`${sourceLocationText(finding)}  ${briefLine(finding.address)}`, 2, page),
        ...prose(briefLine(finding.message), 4, page),
        ...prose(`What to do: ${briefLine(finding.remediation)}`, 4, page),
      ]),
    ],
    count: findings.length,
  };
}

function unknownParagraph(findings: Findings, page: Page): Paragraph {
  const [first] = findings;
  const checks = [...new Set(findings.map(({ check }) => inlineText(check)))].join(", ");
  const messages = [...new Set(findings.map(({ message }) => briefLine(message)))];
  return {
    lines: [
      ...prose(`${sourceLocationText(first)}  ${briefLine(first.address)}`, 2, page).map(page.paint.yellow),
      ...messages.flatMap((message) => prose(message, 4, page)),
      ...prose(`Leaves ${counted(findings.length, "check result")} unknown: ${checks}`, 4, page),
      ...prose(briefLine(first.remediation), 4, page),
    ],
    count: findings.length,
  };
}

function waivedParagraph(findings: Findings, page: Page): Paragraph {
  return listParagraph(findings, ({ waiver }) => (waiver === null ? "" : `, ${waiverWords(waiver)}`), page);
}

function contentParagraph(findings: Findings, page: Page): Paragraph {
  return listParagraph(findings, () => "", page);
}

function listParagraph(findings: Findings, more: (finding: CodeFinding) => string, page: Page): Paragraph {
  const [first] = findings;
  return {
    lines: [
      ...prose(`${inlineText(first.check)}: ${briefLine(first.title)}${more(first)}`, 2, page),
      ...findings.flatMap((finding) =>
        prose(`${sourceLocationText(finding)}  ${briefLine(finding.address)}`, 4, page),
      ),
    ],
    count: findings.length,
  };
}
