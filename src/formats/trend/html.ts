import { type ComponentChild, h } from "preact";
import { counted, grouped } from "../../render/words.ts";
import { severities } from "../../schemas/finding.ts";
import { capitalized, wideTable } from "../html/elements.ts";
import { printablePage } from "../html/printable-page.ts";
import { openCauses, type TrendPoint } from "./points.ts";

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1e22, #e6e9ec); --quiet: light-dark(#535a63, #a4adb6); --line: light-dark(#d9dde2, #343b42);
  --critical: light-dark(#8b0f3c, #ff6f91); --high: light-dark(#c43d17, #f5875f); --medium: light-dark(#b98200, #e2b33c); --low: light-dark(#3b78a8, #75b2e0); --informational: light-dark(#7d8792, #8d97a2); --part: light-dark(#2f7d5b, #62bf95); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #14171a); margin: 2rem auto; max-width: 68rem; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; } p { margin: .25rem 0; } .quiet { color: var(--quiet); }
svg { display: block; width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--quiet); } svg line { stroke: var(--line); }
.critical { fill: var(--critical); } .high { fill: var(--high); } .medium { fill: var(--medium); } .low { fill: var(--low); } .informational { fill: var(--informational); } .part { fill: var(--part); }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.2rem; font-size: .87rem; } .legend svg { display: inline; width: 10px; height: 10px; margin-right: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; } th, td { text-align: right; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); }
th:first-child { text-align: left; white-space: nowrap; } .wide { overflow-x: auto; }
@page { margin: 14mm; }
@media print { :root { color-scheme: light; } * { print-color-adjust: exact; } body { margin: 0; padding: 0; max-width: none; } h2 { break-after: avoid; } svg, tr { break-inside: avoid; } thead { display: table-header-group; } .wide { overflow: visible; } }
`;

const LEFT = 48;
const WIDTH = 960;
const HEIGHT = 150;
const DATE_WIDTH = 110;

/** A bar's parts from the bottom up, each with its CSS class, and what the bar says. */
type Bar = { readonly parts: readonly (readonly [name: string, value: number])[]; readonly words: string };

/**
 * Renders the trend of audits as a page to read and to print: three charts, and a table with the same figures. It needs
 * no network and runs no script.
 *
 * @param points the oldest first
 * @param missing how many audits are left out because their reports are no longer stored
 */
export function trendHtml(points: readonly TrendPoint[], missing: number): string {
  const title = "Trend of pull through cache audits";
  return printablePage(title, style, [
    h("p", { class: "quiet" }, introduction(points, missing)),
    ...(points.length === 0 ? [] : charts(points)),
  ]);
}

function introduction(points: readonly TrendPoint[], missing: number): string {
  const [first, last] = [points[0], points.at(-1)];
  const lost =
    missing === 0 ? "" : ` The reports of ${counted(missing, "further audit")} are no longer stored.`;
  if (first === undefined || last === undefined)
    return `No audits of the whole scope are stored here.${lost}`;
  const days = `${dayOf(first.startedAt)} to ${dayOf(last.startedAt)}`;
  return `${counted(points.length, "audit")} of the whole scope, ${days}.${lost}`;
}

function charts(points: readonly TrendPoint[]): readonly ComponentChild[] {
  return [
    h("h2", null, "Open causes by severity"),
    h("p", null, `${endsOf(points, openCauses)} Findings with one cause count once.`),
    h("p", { class: "legend" }, severities.map(legend)),
    chart("Open causes by severity", points, (point) => ({
      parts: severities.map((severity) => [severity, point.causes[severity]] as const),
      words: counted(openCauses(point), "open cause"),
    })),
    h("h2", null, "Coverage"),
    h("p", null, "Registries that were read in full, in percent of those in the scope."),
    chart(
      "Coverage in percent",
      points,
      (point) => ({
        parts: [["part", shareOf(point)]],
        words: `${grouped(point.audited)} of ${counted(point.planned, "registry", "registries")}`,
      }),
      100,
    ),
    h("h2", null, "Days to resolve"),
    h("p", null, "The median age in days of the findings that each audit reported as resolved."),
    chart("Median days to resolve", points, (point) => ({
      parts: [["part", point.medianDays ?? 0]],
      words:
        point.medianDays === null
          ? "none resolved"
          : `${counted(point.resolved, "finding")} resolved after ${point.medianDays} days`,
    })),
    h("h2", null, "Figures"),
    table(points),
  ];
}

function legend(severity: string): ComponentChild {
  const square = h("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, [
    h("rect", { class: severity, width: 10, height: 10 }),
  ]);
  return h("span", null, [square, capitalized(severity)]);
}

function endsOf(points: readonly TrendPoint[], countOf: (point: TrendPoint) => number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "";
  return `${grouped(countOf(first))} in the oldest audit, ${grouped(countOf(last))} in the latest.`;
}

/** The share of registries that were read in full, in whole percent; never 100 if one was not. */
function shareOf({ audited, planned }: TrendPoint): number {
  return planned === 0 ? 100 : Math.floor((audited / planned) * 100);
}

function chart(
  label: string,
  points: readonly TrendPoint[],
  barOf: (point: TrendPoint) => Bar,
  top = 1,
): ComponentChild {
  const bars = points.map(barOf);
  const heights = bars.map(({ parts }) => parts.reduce((sum, [, value]) => sum + value, 0));
  const most = Math.max(top, ...heights);
  const step = Math.min(36, (WIDTH - LEFT) / points.length);
  const every = Math.ceil(DATE_WIDTH / step);
  const yOf = (value: number) => round(HEIGHT - (value / most) * HEIGHT);
  const frame = {
    viewBox: `0 -10 ${WIDTH} ${HEIGHT + 34}`,
    role: "img",
    "aria-label": `${label}, as in the table below.`,
  };
  return h("svg", frame, [
    [0, most].map((value) => [
      h("line", { x1: LEFT - 4, x2: WIDTH, y1: yOf(value), y2: yOf(value) }),
      h("text", { x: LEFT - 8, y: yOf(value) + 4, "text-anchor": "end" }, grouped(value)),
    ]),
    points.map(({ startedAt }, index) => {
      const { parts, words } = bars[index] ?? { parts: [], words: "" };
      const x = round(LEFT + index * step);
      let below = 0;
      const rects = parts.map(([name, value]) => {
        const [bottom, y] = [yOf(below), yOf(below + value)];
        below += value;
        if (value === 0) return null;
        return h("rect", { class: name, x, y, width: round(step * 0.8), height: round(bottom - y) });
      });
      return h("g", null, [h("title", null, `${dayOf(startedAt)}: ${words}`), rects]);
    }),
    points.map(({ startedAt }, index) =>
      index % every === 0 && index * step + DATE_WIDTH / 2 < WIDTH - LEFT
        ? h("text", { x: round(LEFT + index * step), y: HEIGHT + 18 }, dayOf(startedAt))
        : null,
    ),
  ]);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const heads = ["Audit", ...severities.map(capitalized), "Covered", "Resolved", "Median days", "Worst days"];

function table(points: readonly TrendPoint[]): ComponentChild {
  const rows = points
    .toReversed()
    .map((point) =>
      h("tr", null, [
        h("th", { scope: "row" }, point.startedAt.slice(0, "2026-10-02T02:00".length).replace("T", " ")),
        severities.map((severity) => h("td", null, grouped(point.causes[severity]))),
        h("td", null, `${grouped(point.audited)} of ${grouped(point.planned)}`),
        h("td", null, grouped(point.resolved)),
        [point.medianDays, point.worstDays].map((days) => h("td", null, days === null ? "–" : String(days))),
      ]),
    );
  return wideTable("Figures of the audits", heads, h("tbody", null, rows));
}

function dayOf(time: string): string {
  return time.slice(0, "2026-10-02".length);
}
