import { displayWidth, padTo } from "../../../render/layout.ts";
import { accountLabel, nameText } from "../../../render/locations.ts";
import { type Page, type Paragraph, prose, type Section, severityPaint } from "../../../render/page.ts";
import { counted, severityLetters } from "../../../render/words.ts";
import type { Report } from "../../../schemas/report.ts";
import { type Cell, type CellCoverage, heatMapOf, type Row } from "../../html/heat-map.ts";

const directions = ["north", "south", "east", "west", "central"] as const;
const direction = new RegExp(`^(?:${directions.join("|")})+$`);
const eachDirection = new RegExp(directions.join("|"), "g");

/** Abbreviates a region: `eu-west-1` to `euw1`, `ap-southeast-2` to `apse2`. */
function shortRegion(region: string): string {
  const [area, ...parts] = region.split("-");
  if (parts.length < 2) return region;
  return [area, ...parts.map(shortPart)].join("");
}

function shortPart(part: string): string {
  if (direction.test(part)) return part.replace(eachDirection, ([initial]) => initial ?? "");
  return /^\d+$/.test(part) ? part : part.slice(0, 1);
}

const MOST_ACCOUNTS = 12;
const INDENT = "  ";
const GAP = "  ";
const MOST_COUNTED = 99;
/** The width of the longest cell text: `H99~`. */
const NARROWEST_CELL = 4;
const LEGEND = "H3: 3 fail, worst is high; . nothing fails; ~ partly covered; ? not covered.";

/**
 * Maps accounts × regions, the worst accounts first: each cell shows the worst severity that fails in a registry, and
 * whether the registry was covered. `null` if there is only one registry, or nothing fails and nothing is missing.
 * Columns that do not fit on the page are left out and counted.
 */
export function heatMapSection(report: Report, page: Page): Section | null {
  if (report.coverage.planned <= 1) return null;
  const { regions, rows, clean } = heatMapOf(report);
  if (rows.length === 0) return null;
  const shown = rows.slice(0, MOST_ACCOUNTS);
  const layout = layoutOf(shown, regions, page);
  const cleanCount = clean.reduce((sum, { accounts }) => sum + accounts.length, 0);
  return {
    heading: "ACCOUNTS AND REGIONS",
    paragraphs: [
      { lines: [headLine(layout), ...shown.map((row) => rowLine(row, layout, page))], count: shown.length },
      notes(rows.length - shown.length, cleanCount, regions.length - layout.regions.length, page),
    ],
    unit: "account",
  };
}

/** What fits on the page: the column of accounts, and as many regions as there is room for. */
type Layout = {
  readonly label: (row: Row) => string;
  readonly labelWidth: number;
  readonly cellWidth: number;
  readonly regions: readonly string[];
};

function layoutOf(rows: readonly Row[], regions: readonly string[], page: Page): Layout {
  const cellWidth = Math.max(NARROWEST_CELL, ...regions.map((region) => displayWidth(headOf(region))));
  const layoutWith = (label: Layout["label"]): Layout => {
    const labelWidth = Math.max(...rows.map((row) => displayWidth(label(row))));
    const room = page.width - INDENT.length - labelWidth;
    const fitting = Math.max(1, Math.floor(room / (GAP.length + cellWidth)));
    return { label, labelWidth, cellWidth, regions: worstRegions(rows, regions, fitting) };
  };
  const named = layoutWith(accountLabel);
  // On a narrow page, one more region is worth more than account names, which the sections below show.
  return named.regions.length < regions.length ? layoutWith(({ account }) => nameText(account)) : named;
}

/** Returns the regions with the most to report, in their original order. */
function worstRegions(rows: readonly Row[], regions: readonly string[], most: number): readonly string[] {
  const delivered = (region: string) =>
    rows.filter(({ cells }) => cells.some((cell) => cell.region === region && isReported(cell))).length;
  const worst = new Set(regions.toSorted((one, other) => delivered(other) - delivered(one)).slice(0, most));
  return regions.filter((region) => worst.has(region));
}

function isReported({ failing, cellCoverage }: Cell): boolean {
  return failing.length > 0 || cellCoverage === "partial" || cellCoverage === "unreachable";
}

function headLine({ labelWidth, cellWidth, regions }: Layout): string {
  const heads = regions.map((region) => GAP + padTo(headOf(region), cellWidth));
  return `${INDENT}${" ".repeat(labelWidth)}${heads.join("")}`.trimEnd();
}

function headOf(region: string): string {
  return shortRegion(nameText(region));
}

function rowLine(row: Row, { label, labelWidth, cellWidth, regions }: Layout, page: Page): string {
  const cells = row.cells
    .filter(({ region }) => regions.includes(region))
    .map((cell) => {
      const text = cellText(cell);
      const shown = text === "" ? "" : painted(cell, text, page);
      return `${GAP}${shown}${" ".repeat(cellWidth - text.length)}`;
    });
  return `${INDENT}${padTo(label(row), labelWidth)}${cells.join("")}`.trimEnd();
}

/** Returns the letter of the worst severity and the number of failures: `H3`. The mark of a gap follows or is alone. */
function cellText({ failing, cellCoverage }: Cell): string {
  const [worst] = failing;
  if (worst === undefined) return marks[cellCoverage].alone;
  const count = failing.reduce((sum, one) => sum + one.count, 0);
  return `${severityLetters[worst.severity]}${Math.min(count, MOST_COUNTED)}${marks[cellCoverage].behind}`;
}

const marks = {
  seen: { alone: ".", behind: "" },
  partial: { alone: "~", behind: "~" },
  unreachable: { alone: "?", behind: "?" },
  unplanned: { alone: "", behind: "" },
} as const satisfies Record<CellCoverage, { alone: string; behind: string }>;

function painted({ failing, cellCoverage }: Cell, text: string, { paint }: Page): string {
  const [worst] = failing;
  if (worst !== undefined) return severityPaint(worst.severity, paint)(text);
  return cellCoverage === "seen" ? paint.green(text) : paint.magenta(text);
}

function notes(moreAccounts: number, clean: number, moreRegions: number, page: Page): Paragraph {
  const left = [
    moreAccounts > 0 ? `${counted(moreAccounts, "more account")} with failures or gaps` : null,
    clean > 0 ? `${counted(clean, "account")} without failures or gaps` : null,
    moreRegions > 0 ? counted(moreRegions, "more region") : null,
  ].filter((part) => part !== null);
  return {
    lines: [
      ...(left.length === 0 ? [] : prose(`Not shown: ${left.join("; ")}.`, INDENT.length, page)),
      ...prose(LEGEND, INDENT.length, page).map(page.paint.dim),
    ],
    count: 0,
  };
}
