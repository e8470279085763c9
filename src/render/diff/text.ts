import type { Finding } from "../../model/finding.ts";
import type { DiffSide, ReportDiff, SeenChange } from "../../model/report-diff.ts";
import { cutToCharacters } from "../escape/cut.ts";
import { inlineText } from "../escape/inline.ts";
import { groupFindings, groupsOf, type Problem } from "../group.ts";
import {
  type Page,
  type Paragraph,
  pageOf,
  prose,
  type Section,
  sectionText,
  severityTitle,
} from "../page.ts";
import { nameText, placeOfFinding } from "../places.ts";
import { reasonWords } from "../reasons.ts";
import { placeLines } from "../sections/place-lines.ts";
import { tableLines } from "../table.ts";
import type { TextOptions } from "../text.ts";
import { counted, grouped, minuteOf } from "../words.ts";
import { diffParts, isAlike } from "./parts.ts";

const LONGEST_MESSAGE = 400;

/** Two audits compared, to be read on a terminal. */
export function diffText(diff: ReportDiff, { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  const sections = [
    ...diffParts(diff).map(({ heading, findings }) => findingsSection(heading, findings, page)),
    ...registriesSection("SEEN NO MORE", diff.coverage.lost, page),
    ...registriesSection("SEEN ONLY NOW", diff.coverage.gained, page),
  ];
  const alike = isAlike(diff) ? [prose("The two audits came to the same.", 0, page).join("\n")] : [];
  const body = sections.map((section) => sectionText(section, page));
  return `${[figures(diff, page), ...alike, ...body].join("\n\n")}\n`;
}

function figures({ before, after, unchanged }: ReportDiff, page: Page): string {
  const row = (name: string, of: (side: DiffSide) => string) => [name, of(before), of(after)];
  const rows = [
    row("Status", ({ status }) => status),
    row("Begun", ({ startedAt }) => minuteOf(startedAt)),
    row("Policy", ({ policy }) => `${nameText(policy.name)} (${inlineText(policy.digest.slice(7, 14))})`),
    row("Registries seen", ({ coverage }) => `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`),
    row("Rules", ({ summary }) => grouped(summary.rules)),
    row("Fail", ({ summary }) => grouped(summary.findings.FAIL)),
    row("Not judged", ({ summary }) => grouped(summary.findings.UNKNOWN)),
    row("Waived", ({ summary }) => grouped(summary.findings.WAIVED)),
  ];
  const heads = ["", nameText(before.auditId), nameText(after.auditId)];
  const still = `${counted(unchanged, "finding")} failing in both, in the same way.`;
  return [...tableLines(heads, rows, page), "", ...prose(still, 0, page)].join("\n");
}

function findingsSection(heading: string, findings: readonly Finding[], page: Page): Section {
  return {
    heading: `${heading.toUpperCase()}: ${counted(findings.length, "finding")}`,
    paragraphs: groupFindings(findings).map((problem) => problemParagraph(problem, page)),
    unit: "finding",
  };
}

function problemParagraph({ severity, title, check, findings, wordings }: Problem, page: Page): Paragraph {
  const [first] = wordings;
  const said = inlineText(cutToCharacters(first?.message ?? "", LONGEST_MESSAGE));
  const places = findings.map((finding) => placeOfFinding(finding, false));
  return {
    lines: [
      ...severityTitle(severity, inlineText(cutToCharacters(title, LONGEST_MESSAGE)), page),
      ...prose(`${nameText(check)}: ${first?.exact === true ? "" : "for example, "}${said}`, 2, page),
      ...placeLines(places, { one: "finding", many: "findings" }, page),
    ],
    count: findings.length,
  };
}

function registriesSection(
  heading: string,
  registries: readonly SeenChange[],
  page: Page,
): readonly Section[] {
  if (registries.length === 0) return [];
  const paragraphs = groupsOf(registries, reasonOf).map((alike) => ({
    lines: [
      ...prose(reasonOf(alike[0]), 2, page),
      ...placeLines(
        alike.map((registry) => ({ ...registry, what: null })),
        { one: "registry", many: "registries" },
        page,
      ),
    ],
    count: alike.length,
  }));
  const count = counted(registries.length, "registry", "registries");
  return [{ heading: `${heading}: ${count}`, paragraphs, unit: "registry" }];
}

/** Why the other audit did not see a registry. */
function reasonOf({ gaps }: SeenChange): string {
  const [gap] = gaps;
  return gap === undefined ? "Not in the other audit's scope" : reasonWords[gap.reason].what;
}
