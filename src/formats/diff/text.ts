import { reasonAdvice } from "../../facts/reason-advice.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { groupFindings, groupsOf, type Problem } from "../../render/group.ts";
import { locationsOf, nameText } from "../../render/locations.ts";
import {
  type Page,
  type Paragraph,
  pageOf,
  prose,
  type Section,
  sectionText,
  severityTitle,
} from "../../render/page.ts";
import { tableLines } from "../../render/table.ts";
import { counted, grouped, minuteOf } from "../../render/words.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { DiffSide, ReportDiff, SeenChange } from "../../schemas/report-diff.ts";
import { locationLines } from "../text/sections/location-lines.ts";
import type { TextOptions } from "../text/text.ts";

/** Returns the differences of two audits by kind, in the order of the report, without empty ones. */
export function diffParts(diff: ReportDiff): readonly { heading: string; findings: readonly Finding[] }[] {
  const parts = [
    { heading: "New", findings: diff.opened },
    { heading: "Changed", findings: diff.changed.map(({ after }) => after) },
    { heading: "Resolved", findings: diff.resolved },
    { heading: "Newly waived", findings: diff.waived },
    { heading: "No longer evaluated", findings: diff.unseen },
  ];
  return parts.filter(({ findings }) => findings.length > 0);
}

/** Whether two audits have the same findings and cover the same registries. */
export function isAlike(diff: ReportDiff): boolean {
  const { lost, gained } = diff.coverage;
  return diffParts(diff).length === 0 && lost.length + gained.length === 0;
}

const LONGEST_MESSAGE = 400;

/** Renders a comparison of two audits for a terminal. */
export function diffText(diff: ReportDiff, { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  const sections = [
    ...diffParts(diff).map(({ heading, findings }) => findingsSection(heading, findings, page)),
    ...registriesSection("NO LONGER COVERED", diff.coverage.lost, page),
    ...registriesSection("NEWLY COVERED", diff.coverage.gained, page),
  ];
  const alike = isAlike(diff) ? [prose("The two audits do not differ.", 0, page).join("\n")] : [];
  const body = sections.map((section) => sectionText(section, page));
  return `${[figures(diff, page), ...alike, ...body].join("\n\n")}\n`;
}

function figures({ before, after, unchanged }: ReportDiff, page: Page): string {
  const row = (name: string, of: (side: DiffSide) => string) => [name, of(before), of(after)];
  const rows = [
    row("Status", ({ status }) => status),
    row("Started", ({ startedAt }) => minuteOf(startedAt)),
    row("Policy", ({ policy }) => `${nameText(policy.name)} (${inlineText(policy.digest.slice(7, 14))})`),
    ...narrowedRows({ before, after }),
    row("Coverage", coverageCell),
    row("Rules", ({ summary }) => grouped(summary.rules)),
    row("Fail", ({ summary }) => grouped(summary.findings.FAIL)),
    row("Unknown", ({ summary }) => grouped(summary.findings.UNKNOWN)),
    row("Waived", ({ summary }) => grouped(summary.findings.WAIVED)),
  ];
  const heads = ["", nameText(before.auditId), nameText(after.auditId)];
  const still = `${counted(unchanged, "finding")} unchanged, failing in both.`;
  return [...tableLines(heads, rows, page), "", ...prose(still, 0, page)].join("\n");
}

/** What the audits were narrowed to; nothing if both audited the whole scope. */
export function narrowedRows({ before, after }: Pick<ReportDiff, "before" | "after">): string[][] {
  if (before.narrowedTo === null && after.narrowedTo === null) return [];
  return [["Only", narrowedCell(before), narrowedCell(after)]];
}

function narrowedCell({ narrowedTo }: DiffSide): string {
  if (narrowedTo === null) return "the whole scope";
  const { accounts, regions, prefixes, checks } = narrowedTo;
  return Object.entries({ account: accounts, region: regions, prefix: prefixes, check: checks })
    .flatMap(([noun, names]) => {
      if (names === null) return [];
      const [name = "", ...more] = names;
      const plural = noun === "prefix" ? "prefixes" : undefined;
      return more.length === 0 ? `${noun} ${nameText(name)}` : counted(names.length, noun, plural);
    })
    .join(", ");
}

/** Returns how many of the planned registries were fully covered. */
export function coverageCell({ coverage: { audited, planned } }: DiffSide): string {
  return `${grouped(audited)} of ${counted(planned, "registry", "registries")}`;
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
  const message = inlineText(cutToCharacters(first?.message ?? "", LONGEST_MESSAGE));
  const locations = locationsOf(findings, { marked: false });
  return {
    lines: [
      ...severityTitle(severity, inlineText(cutToCharacters(title, LONGEST_MESSAGE)), page),
      ...prose(`${nameText(check)}: ${first?.exact === true ? "" : "for example, "}${message}`, 2, page),
      ...locationLines(locations, { one: "finding", many: "findings" }, page),
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
      ...locationLines(
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

/** Returns why the other audit did not cover a registry. */
function reasonOf({ gaps }: SeenChange): string {
  const [gap] = gaps;
  return gap === undefined ? "Not in the other audit's scope" : reasonAdvice[gap.reason].title;
}
