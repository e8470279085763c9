import { type ComponentChild, h } from "preact";
import { fromCauses } from "../../render/causes.ts";
import { bySeverity } from "../../render/counts.ts";
import { FIRST_AUDIT, notAskedText, repositoriesText, verdictOf } from "../../render/verdict.ts";
import { counted, grouped } from "../../render/words.ts";
import { isFailing } from "../../schemas/count-findings.ts";
import { severities } from "../../schemas/finding.ts";
import type { Coverage, Report } from "../../schemas/report.ts";
import type { Context } from "./context.ts";
import { severityMark } from "./elements.ts";

const WIDTH = 200;
const HEIGHT = 8;

/** Renders the covered, partly covered and unreachable shares as a bar; the text beside it says the same. */
function coverageBar({ planned, audited, partial, unreachable }: Coverage): ComponentChild {
  if (planned === 0) return null;
  const shares = [
    ["seen", audited],
    ["partial", partial],
    ["unreachable", unreachable],
  ] as const;
  const widthOf = (count: number) => Math.round((count / planned) * WIDTH * 100) / 100;
  const bars = shares.map(([name, count], index) => {
    const before = shares.slice(0, index).reduce((sum, [, other]) => sum + other, 0);
    return h("rect", { class: name, x: widthOf(before), y: 0, width: widthOf(count), height: HEIGHT });
  });
  const frame = {
    class: "bar",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": true,
  };
  return h("svg", frame, bars);
}

const statuses = {
  "non-compliant": "Non-compliant",
  incomplete: "Incomplete",
  compliant: "Compliant",
} as const satisfies Record<Report["status"], string>;

/** Renders the verdict: the status and one sentence. */
export function verdictBanner(report: Report, { isCompared }: Context): ComponentChild {
  const sentence = verdictOf(report).replace(/^[A-Z][a-z-]*: /, "");
  return h("section", { class: `verdict ${report.status}`, "aria-label": "Verdict" }, [
    h("p", { class: "status" }, statuses[report.status]),
    h("p", { class: "sentence" }, sentence.charAt(0).toUpperCase() + sentence.slice(1)),
    isCompared && report.coverage.dropped
      ? h("p", null, "A smaller share of the registries was covered than in the previous audit.")
      : null,
  ]);
}

/** Renders the key figures: failures, changes, coverage and results. */
export function figures(report: Report, context: Context): ComponentChild {
  return h("section", { class: "figures", "aria-label": "Figures" }, [
    figure("Failing", failing(report)),
    figure("Since the previous audit", changes(report, context)),
    figure("Coverage", coverageFigure(report)),
    figure("Results", results(report)),
    notAsked(report),
  ]);
}

/** Names the checks that the policy does not ask for. */
function notAsked({ summary }: Report): ComponentChild {
  const text = notAskedText(summary);
  return text === null ? null : h("p", { class: "not-asked" }, `Not asked for by the policy: ${text}`);
}

function figure(title: string, body: ComponentChild): ComponentChild {
  return h("div", { class: "figure" }, [h("h2", null, title), body]);
}

type Figure = readonly [value: string, words: ComponentChild];

function figureList(entries: readonly Figure[]): ComponentChild {
  return h(
    "ul",
    null,
    entries.map(([value, words]) => h("li", null, [h("b", null, value), " ", words])),
  );
}

function failing({ findings }: Report): ComponentChild {
  const counts = bySeverity(findings.filter(isFailing));
  if (counts.length === 0) return h("p", null, "No failures found.");
  const from = fromCauses(findings.filter(isFailing)).trim();
  return [
    figureList(
      severities.flatMap((severity) => {
        const count = counts.find((one) => one.severity === severity)?.count;
        return count === undefined ? [] : [[grouped(count), severityMark(severity)] as const];
      }),
    ),
    from === "" ? null : h("p", null, from),
  ];
}

function changes({ baseline, summary, drift }: Report, { isCompared }: Context): ComponentChild {
  if (baseline) return h("p", null, FIRST_AUDIT);
  if (!isCompared) {
    return h("p", null, "No previous audit to compare with (use --store).");
  }
  const { opened, changed, resolved, reminded } = summary.transitions;
  const entries: readonly Figure[] = [
    [grouped(opened), linkTo("new", opened)],
    [grouped(resolved), linkTo("resolved", resolved)],
    ...(changed > 0 ? [[grouped(changed), linkTo("changed", changed)] as const] : []),
    ...(reminded > 0
      ? [
          [
            grouped(reminded),
            linkTo("reminder", reminded, reminded === 1 ? "reminder" : "reminders"),
          ] as const,
        ]
      : []),
    ...(drift.length > 0
      ? [[grouped(drift.length), drift.length === 1 ? "rule changed" : "rules changed"] as const]
      : []),
  ];
  return figureList(entries);
}

/** A word that leads to the findings with this change, if there are any. */
function linkTo(change: string, count: number, word = change): ComponentChild {
  return count === 0 ? word : h("a", { href: `#change=${change}` }, word);
}

function coverageFigure({ coverage }: Report): ComponentChild {
  const { planned, audited, partial, unreachable, excluded } = coverage;
  const repositories = repositoriesText(coverage);
  const rest = [
    ...(partial > 0 ? [`${grouped(partial)} partly covered`] : []),
    ...(unreachable > 0 ? [`${grouped(unreachable)} unreachable`] : []),
    ...(excluded > 0 ? [`${counted(excluded, "account")} excluded`] : []),
  ];
  return [
    h("p", null, [h("b", null, grouped(audited)), ` of ${counted(planned, "registry", "registries")}`]),
    coverageBar(coverage),
    rest.length === 0 ? null : h("p", null, rest.join(", ")),
    repositories === null ? null : h("p", null, repositories),
  ];
}

function results({ summary }: Report): ComponentChild {
  const { PASS, UNKNOWN, WAIVED } = summary.findings;
  return figureList([
    [grouped(summary.rules), summary.rules === 1 ? "rule" : "rules"],
    [grouped(PASS), "pass"],
    ...(UNKNOWN > 0 ? [[grouped(UNKNOWN), "unknown"] as const] : []),
    ...(WAIVED > 0 ? [[grouped(WAIVED), "waived"] as const] : []),
  ]);
}
