import { briefLine } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { type Page, type Paragraph, pageOf, prose, type Section, sectionText } from "../../render/page.ts";
import { counted, minuteOf } from "../../render/words.ts";
import type {
  Instruction,
  LeftAlone,
  RegistryPlan,
  RemediationPlan,
  RuleChange,
} from "../../schemas/remediation-plan.ts";
import type { TextOptions } from "../text/text.ts";
import { changedFieldLines, changeTitle, planSummary } from "./words.ts";

/** Renders the plan for a terminal: the changes by registry, manual steps, and skipped findings. */
export function renderPlanText(plan: RemediationPlan, { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  const head = [
    page.paint.bold("PLAN FOR PULL THROUGH CACHE RULES"),
    "",
    ...prose(`Planned ${minuteOf(plan.plannedAt)}, policy ${inlineText(plan.policy.name)}`, 0, page),
  ].join("\n");
  const sections = [
    ...plan.registries.map((registry) => registrySection(registry, page)),
    listSection("MANUAL STEPS", plan.instructions, instructionParagraph, page),
    skippedSection(plan.leftAlone, page),
  ].filter((section) => section !== null);
  const summary = prose(planSummary(plan), 0, page).map(page.paint.bold).join("\n");
  return `${[head, ...sections.map((section) => sectionText(section, page)), summary].join("\n\n\n")}\n`;
}

function registrySection({ account, accountName, region, changes }: RegistryPlan, page: Page): Section {
  const name = accountName === null ? "" : ` ${inlineText(accountName)}`;
  return {
    heading: `${account}${name} ${region}: ${counted(changes.length, "change")}`,
    paragraphs: changes.map((change) => changeParagraph(change, page)),
    unit: "change",
  };
}

function changeParagraph(change: RuleChange, page: Page): Paragraph {
  const reasons = change.because.map(({ check, title }) => `${inlineText(title)} (${inlineText(check)})`);
  return {
    lines: [
      ...prose(changeTitle(change), 2, page).map(page.paint.bold),
      ...changedFieldLines(change).flatMap((part) => prose(part, 4, page)),
      ...prose(`Because: ${reasons.join("; ")}`, 4, page),
      ...change.effects.flatMap((effect) => prose(inlineText(effect), 4, page)),
    ],
    count: 1,
  };
}

function listSection<T>(
  heading: string,
  items: readonly T[],
  paragraphOf: (item: T, page: Page) => Paragraph,
  page: Page,
): Section | null {
  if (items.length === 0) return null;
  return {
    heading: `${heading}: ${counted(items.length, "finding")}`,
    paragraphs: items.map((item) => paragraphOf(item, page)),
    unit: "finding",
  };
}

function instructionParagraph({ question, instruction, ...about }: Instruction, page: Page): Paragraph {
  return {
    lines: [
      ...titleLines(about, page),
      ...(question === null ? [] : prose(briefLine(question), 4, page)),
      ...prose(`What to do: ${briefLine(instruction)}`, 4, page),
    ],
    count: 1,
  };
}

/** The skipped findings by reason: one account that cannot be read skips a finding of each check in each region. */
function skippedSection(skipped: readonly LeftAlone[], page: Page): Section | null {
  if (skipped.length === 0) return null;
  const byReason = Map.groupBy(skipped, ({ status, why }) => `${status}: ${why}`);
  return {
    heading: `SKIPPED: ${counted(skipped.length, "finding")}`,
    paragraphs: Array.from(byReason, ([reason, findings]) => ({
      lines: [
        ...prose(briefLine(reason), 2, page).map(page.paint.bold),
        ...Array.from(Map.groupBy(findings, locationText), ([location, here]) => {
          const checks = [...new Set(here.map(({ check }) => inlineText(check)))];
          return prose(`${location}: ${checks.join(", ")}`, 4, page);
        }).flat(),
      ],
      count: findings.length,
    })),
    unit: "finding",
  };
}

type About = Pick<Instruction, "account" | "region" | "prefix" | "check" | "title">;

function titleLines({ check, title, ...about }: About, page: Page): readonly string[] {
  return prose(`${locationText(about)}: ${briefLine(title)} (${inlineText(check)})`, 2, page);
}

function locationText({ account, region, prefix }: Pick<About, "account" | "region" | "prefix">): string {
  return [account, region, prefix ?? "whole registry"].map(inlineText).join(" ");
}
