import { type ComponentChild, h } from "preact";
import { counted, dayOf, grouped, minuteOf } from "../../render/words.ts";
import { severities } from "../../schemas/finding.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import { openCauses } from "../../schemas/trend-figures.ts";
import { capitalized, scrollable, wideTable } from "../html/elements.ts";

/** How many audits a page shows unless somebody asks for another number. */
export const MOST_AUDITS = 90;

/** A chart with what a page says about it. Its colours come from the page's style, by class. */
export type Chart = {
  readonly title: string;
  readonly note: string;
  readonly legend: ComponentChild;
  readonly drawing: ComponentChild;
};

/** A bar's parts from the bottom up, each with its class; `null` if they are not known. */
type Parts = readonly (readonly [name: string, value: number])[] | null;

type Bar = { readonly parts: Parts; readonly words: string };

/** The share of registries in percent, rounded down: 100 only if all were read in full. */
function readInFull({ coverage: { audited, planned } }: AuditRecord): number {
  return planned === 0 ? 100 : Math.floor((audited / planned) * 100);
}

/** The charts of audits, the oldest first: open causes by severity, coverage, and days to resolve. */
export function trendCharts(audits: readonly AuditRecord[]): readonly Chart[] {
  return [
    chartOf(audits, {
      title: "Open causes by severity",
      note: `${endsOf(audits)}Findings with one cause count once.`,
      legend: [...severities.map((severity) => [severity, capitalized(severity)] as const), severityUnknown],
      barOf: causesBar,
    }),
    chartOf(audits, {
      title: "Coverage",
      note: "Registries that were read in full, in percent of those in the scope.",
      legend: [
        ["part", "Read in full"],
        ["gap", "Read in part, or not at all"],
      ],
      barOf: (audit) => ({
        parts: [
          ["part", readInFull(audit)],
          ["gap", 100 - readInFull(audit)],
        ],
        words: `${coveredText(audit)} registries read in full`,
      }),
    }),
    chartOf(audits, {
      title: "Days to resolve",
      note: "The median age in days of the findings that each audit reported as resolved.",
      legend: [],
      barOf: daysBar,
    }),
  ];
}

const severityUnknown = ["unseen", "Severity not known"] as const;

function causesBar(audit: AuditRecord): Bar {
  const total = openCauses(audit);
  const words = total === null ? "open causes not known" : counted(total, "open cause");
  if (audit.trend !== null) {
    const { causes } = audit.trend;
    return { parts: severities.map((severity) => [severity, causes[severity]]), words };
  }
  if (total === null || total === 0) return { parts: total === null ? null : [], words };
  return { parts: [[severityUnknown[0], total]], words: `${words}, severities not known` };
}

function daysBar({ trend }: AuditRecord): Bar {
  if (trend === null) return { parts: null, words: "days to resolve not known" };
  const { resolved, medianDays } = trend;
  if (medianDays === null) return { parts: [], words: "none resolved" };
  const words = `${counted(resolved, "finding")} resolved after ${counted(medianDays, "day")}`;
  return { parts: [["part", medianDays]], words };
}

function endsOf(audits: readonly AuditRecord[]): string {
  const [first, last] = [audits[0], audits.at(-1)];
  if (first === undefined || last === undefined) return "";
  const [before, now] = [first, last].map((audit) => numberText(openCauses(audit)));
  return `${capitalized(before ?? "")} in the oldest audit shown, ${now} in the latest. `;
}

function numberText(count: number | null): string {
  return count === null ? "not known" : grouped(count);
}

function coveredText({ coverage }: AuditRecord): string {
  return `${grouped(coverage.audited)} of ${grouped(coverage.planned)}`;
}

type Series = {
  readonly title: string;
  readonly note: string;
  readonly legend: readonly (readonly [name: string, words: string])[];
  readonly barOf: (audit: AuditRecord) => Bar;
};

function chartOf(audits: readonly AuditRecord[], { title, note, legend, barOf }: Series): Chart {
  const bars = audits.map((audit) => ({ ...barOf(audit), startedAt: audit.startedAt }));
  const shown = new Set(
    bars.flatMap(({ parts }) => (parts ?? []).flatMap(([name, value]) => (value > 0 ? [name] : []))),
  );
  const entries = legend.filter(([name]) => shown.has(name));
  const missing = bars.some(({ parts }) => parts === null) ? [legendEntry(dot(5, 5), "Not known")] : [];
  return {
    title,
    note,
    legend:
      entries.length + missing.length === 0
        ? null
        : h("p", { class: "legend" }, [
            ...entries.map(([name, words]) =>
              legendEntry(h("rect", { class: name, width: 10, height: 10 }), words),
            ),
            ...missing,
          ]),
    drawing: scrollable(`Chart: ${title}`, drawing(title, bars)),
  };
}

function legendEntry(mark: ComponentChild, words: string): ComponentChild {
  return h("span", null, [
    h("svg", { viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true" }, mark),
    words,
  ]);
}

/** Stands for a figure that is not known. */
function dot(cx: number, cy: number): ComponentChild {
  return h("circle", { class: "unseen", cx, cy, r: 2 });
}

const LEFT = 48;
const WIDTH = 960;
const NARROWEST = 240;
const WIDEST_STEP = 36;
const HEIGHT = 120;
const ABOVE = 10;
const BELOW = 24;
const DATE_WIDTH = 110;

function drawing(title: string, bars: readonly (Bar & Pick<AuditRecord, "startedAt">)[]): ComponentChild {
  const heights = bars.map(({ parts }) => (parts ?? []).reduce((sum, [, value]) => sum + value, 0));
  const most = Math.max(1, ...heights);
  const step = Math.min(WIDEST_STEP, (WIDTH - LEFT) / bars.length);
  const width = Math.max(NARROWEST, Math.ceil(LEFT + bars.length * step));
  const every = Math.ceil(DATE_WIDTH / step);
  const xOf = (index: number) => rounded(LEFT + index * step);
  const yOf = (value: number) => rounded(HEIGHT - (value / most) * HEIGHT);
  const frame = {
    class: "trend",
    viewBox: `0 -${ABOVE} ${width} ${HEIGHT + ABOVE + BELOW}`,
    width,
    height: HEIGHT + ABOVE + BELOW,
    role: "img",
    "aria-label": `${title}, as in the table below.`,
  };
  return h("svg", frame, [
    [0, most].map((value) => [
      h("line", { x1: LEFT - 4, x2: width, y1: yOf(value), y2: yOf(value) }),
      h("text", { x: LEFT - 8, y: yOf(value) + 4, "text-anchor": "end" }, grouped(value)),
    ]),
    bars.map(({ startedAt, parts, words }, index) => {
      let below = 0;
      const rects = (parts ?? []).map(([name, value]) => {
        const [bottom, y] = [yOf(below), yOf(below + value)];
        below += value;
        if (value === 0) return null;
        const size = { width: rounded(step * 0.8), height: rounded(bottom - y) };
        return h("rect", { class: name, x: xOf(index), y, ...size });
      });
      return h("g", null, [
        h("title", null, `${dayOf(startedAt)}: ${words}`),
        parts === null ? dot(rounded(LEFT + (index + 0.4) * step), HEIGHT + 5) : rects,
      ]);
    }),
    bars.map(({ startedAt }, index) =>
      index % every === 0 && index * step + DATE_WIDTH / 2 < width - LEFT
        ? h("text", { x: xOf(index), y: HEIGHT + 20 }, dayOf(startedAt))
        : null,
    ),
  ]);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

const heads = [
  "Audit",
  "Causes",
  ...severities.map(capitalized),
  "Read in full",
  "Resolved",
  "Median days",
  "Worst days",
];

/** The figures of the charts as a table, the latest audit first. */
export function trendTable(audits: readonly AuditRecord[]): ComponentChild {
  const rows = audits.toReversed().map((audit) => {
    const { startedAt, trend } = audit;
    const cell = (value: number | null) => h("td", null, value === null ? "–" : grouped(value));
    return h("tr", null, [
      h("th", { scope: "row" }, minuteOf(startedAt)),
      h("td", null, numberText(openCauses(audit))),
      trend === null
        ? notKnown(severities.length)
        : severities.map((severity) => cell(trend.causes[severity])),
      h("td", null, coveredText(audit)),
      trend === null ? notKnown(3) : [trend.resolved, trend.medianDays, trend.worstDays].map(cell),
    ]);
  });
  return wideTable("Figures of the audits", heads, h("tbody", null, rows));
}

function notKnown(columns: number): ComponentChild {
  return h("td", { colSpan: columns, class: "unknown" }, "not known");
}
