import { inlineText } from "../render/escape/inline.ts";
import { pageOf, prose } from "../render/page.ts";
import { counted, grouped, listed } from "../render/words.ts";
import type { StoreProblem, Verification } from "../schemas/verification.ts";
import type { TextOptions } from "./text/text.ts";

/** The most audits that a note names. */
const mostNamed = 5;

/** Renders the verification of a store for a terminal. @param from the first day that was asked for, or none */
export function verificationText(
  verification: Verification,
  { color, width }: TextOptions,
  from?: string,
): string {
  const page = pageOf(width, color);
  const { store, reports, chained, begins, ends, problems, brokenFrom, beforeChain, unnamed, cutOff } =
    verification;
  const span = begins === null || ends === null ? "" : `, from ${begins} to ${ends}`;
  const lines = [
    ...prose(
      `${counted(reports, "report")} in ${inlineText(store)}, ${grouped(chained)} of them chained${span}.`,
      0,
      page,
    ),
    ...(problems.length === 0 ? prose(verdict(verification, from), 0, page) : []),
    ...problems.flatMap((problem) => ["", ...prose(problemText(problem), 0, page)]),
    ...(brokenFrom === null ? [] : ["", ...prose(`The first problem is of ${brokenFrom}.`, 0, page)]),
    ...note(
      beforeChain,
      "was stored by a version that did not chain reports",
      "were stored by a version that did not chain reports",
      "Nothing says whether such a report is unaltered.",
    ),
    ...note(
      unnamed,
      "is named by no other file",
      "are named by no other file",
      "Such an audit is running, or ended before it stored the state, or somebody placed its report there.",
    ),
    ...note(
      cutOff,
      "is named by no unaltered file",
      "are named by no unaltered file",
      "The file that named it may be one of those above. Nothing says whether such a report is unaltered, nor those before it that only it names.",
    ),
  ];
  return `${lines.join("\n")}\n`;

  function note(audits: readonly string[], one: string, many: string, meaning: string): readonly string[] {
    if (audits.length === 0) return [];
    const named = listed(
      audits.map((audit) => inlineText(audit)),
      mostNamed,
    );
    const are = counted(audits.length, `report ${one}`, `reports ${many}`);
    return ["", ...prose(`Note: ${are}: ${named}. ${meaning}`, 0, page)];
  }
}

/** Whether no report is of the days that were asked for, so that nothing was verified. */
export function isOfNoReport({ reports }: Pick<Verification, "reports">, from: string | undefined): boolean {
  return reports === 0 && from !== undefined;
}

function verdict(verification: Verification, from: string | undefined): string {
  if (isOfNoReport(verification, from)) return `No report is stored from ${from} on. Nothing was verified.`;
  return verification.chained === 0
    ? "No report is chained yet. The next audit begins the chain."
    : "Every chained report and every file beside it is there, unaltered and in order.";
}

function problemText({ kind, path, day, detail }: StoreProblem): string {
  return `${kind.toUpperCase()} ${inlineText(path)}${day === null ? "" : ` (${day})`}: ${detail}`;
}
