import { type ComponentChild, h } from "preact";
import { dayOf, grouped, minuteOf } from "../../render/words.ts";
import { failuresIn } from "../../schemas/count-findings.ts";
import { type Severity, severities } from "../../schemas/finding.ts";
import type { AuditRecord } from "../../schemas/history.ts";
import { capitalized, scrollable, wideTable } from "./elements.ts";

/** The number of failing findings of an audit. */
const failingIn = ({ summary }: AuditRecord): number => failuresIn(summary);

const MOST_AUDITS = 90;
const LEFT = 40;
const WIDTH = 900;
const STEPS = { narrowest: 10, widest: 36 } as const;
const GAP = 4;
const HEIGHT = 120;
const FOOT = 22;

/** Renders the failures of the most recent full-scope audits as bars and as a table; `null` for fewer than two. */
export function trendSection(history: readonly AuditRecord[]): ComponentChild {
  const audits = history.filter(({ wholeScope }) => wholeScope).slice(-MOST_AUDITS);
  if (audits.length < 2) return null;
  return [
    scrollable("Chart of recent audits", chart(audits)),
    h("details", { class: "figures-table" }, [h("summary", null, "Show as a table"), table(audits)]),
  ];
}

function chart(audits: readonly AuditRecord[]): ComponentChild {
  const most = Math.max(1, ...audits.map(failingIn));
  const step = Math.min(STEPS.widest, Math.max(STEPS.narrowest, Math.floor(WIDTH / audits.length)));
  const width = LEFT + audits.length * step;
  const [first, last] = [audits[0], audits.at(-1)];
  const words = `Failing findings: ${grouped(first === undefined ? 0 : failingIn(first))} in the oldest audit shown, ${grouped(last === undefined ? 0 : failingIn(last))} in the latest.`;
  const frame = {
    class: "trend",
    viewBox: `0 -10 ${width} ${HEIGHT + FOOT + 10}`,
    width,
    height: HEIGHT + FOOT + 10,
    role: "img",
    "aria-label": words,
  };
  return h("svg", frame, [
    [most, 0].map((value) => [
      h("line", { class: "grid", x1: LEFT - 4, x2: width, y1: yOf(value, most), y2: yOf(value, most) }),
      h("text", { x: LEFT - 8, y: yOf(value, most) + 4, "text-anchor": "end" }, grouped(value)),
    ]),
    audits.map((audit, index) => bar(audit, { x: LEFT + index * step, width: step - GAP }, most)),
    dates(audits, step).map(([index, day]) => h("text", { x: LEFT + index * step, y: HEIGHT + 16 }, day)),
  ]);
}

function yOf(value: number, most: number): number {
  return Math.round((HEIGHT - (value / most) * HEIGHT) * 10) / 10;
}

type Span = { readonly x: number; readonly width: number };

/** Renders one audit: its failures, the worst at the bottom, and a mark if its coverage has gaps. */
function bar(audit: AuditRecord, { x, width }: Span, most: number): ComponentChild {
  const { partial, unreachable } = audit.coverage;
  const counts = severities.map((severity): readonly [Severity, number] => [
    severity,
    audit.summary.failing[severity],
  ]);
  const parts = counts.map(([severity, count], index) => {
    const below = counts.slice(0, index).reduce((sum, [, other]) => sum + other, 0);
    const top = yOf(below + count, most);
    return count === 0
      ? null
      : h("rect", {
          class: severity,
          x,
          y: top,
          width,
          height: Math.round((yOf(below, most) - top) * 10) / 10,
        });
  });
  const withGaps = partial + unreachable;
  const title = `${minuteOf(audit.startedAt)}: ${grouped(failingIn(audit))} failing, ${grouped(withGaps)} of ${grouped(audit.coverage.planned)} registries not fully covered`;
  return h("g", null, [
    h("title", null, title),
    parts,
    withGaps > 0 ? h("circle", { class: "unseen", cx: x + width / 2, cy: HEIGHT + 4, r: 2 }) : null,
  ]);
}

const DATE_WIDTH = 100;

/** Returns the dates below the bars, as many as there is room for. */
function dates(audits: readonly AuditRecord[], step: number): readonly (readonly [number, string])[] {
  const every = Math.ceil(DATE_WIDTH / step);
  return audits.flatMap(({ startedAt }, index) =>
    index % every === 0 ? [[index, dayOf(startedAt)] as const] : [],
  );
}

const heads = ["Audit", "Causes", ...severities.map(capitalized), "Resolved", "Not fully covered"];

function table(audits: readonly AuditRecord[]): ComponentChild {
  const rows = audits
    .toReversed()
    .map(({ startedAt, summary, coverage }) =>
      h("tr", null, [
        h("th", { scope: "row" }, minuteOf(startedAt)),
        h("td", null, causesText(summary)),
        severities.map((severity) => h("td", null, grouped(summary.failing[severity]))),
        h("td", null, grouped(summary.transitions.resolved)),
        h("td", null, `${grouped(coverage.partial + coverage.unreachable)} of ${grouped(coverage.planned)}`),
      ]),
    );
  return wideTable("Figures of recent audits", heads, h("tbody", null, rows));
}

/** How many causes the failures have; audits of older versions did not count them. */
function causesText(summary: AuditRecord["summary"]): string {
  return summary.causes === 0 && failuresIn(summary) > 0 ? "–" : grouped(summary.causes);
}
