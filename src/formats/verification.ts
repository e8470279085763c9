import { inlineText } from "../render/escape/inline.ts";
import { pageOf, prose } from "../render/page.ts";
import { grouped } from "../render/words.ts";
import type { StoreProblem, Verification } from "../schemas/verification.ts";
import type { TextOptions } from "./text/text.ts";

/** The most audits that a note names. */
const mostNamed = 5;

/** Renders the verification of a store for a terminal. */
export function verificationText(verification: Verification, { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  const { store, reports, chained, begins, ends, problems, brokenFrom, beforeChain, unnamed } = verification;
  const span = begins === null || ends === null ? "" : `, from ${begins} to ${ends}`;
  const lines = [
    ...prose(
      `${grouped(reports)} reports in ${inlineText(store)}, ${grouped(chained)} of them chained${span}.`,
      0,
      page,
    ),
    ...(problems.length === 0 ? prose(verdict(chained), 0, page) : []),
    ...problems.flatMap((problem) => ["", ...prose(problemText(problem), 0, page)]),
    ...(brokenFrom === null ? [] : ["", ...prose(`The first problem is of ${brokenFrom}.`, 0, page)]),
    ...note(
      beforeChain,
      "were stored by a version that did not chain reports. Nothing says whether they are unaltered",
    ),
    ...note(
      unnamed,
      "are named by nothing: their audit is running, or ended before it stored the state, or somebody placed them there",
    ),
  ];
  return `${lines.join("\n")}\n`;

  function note(audits: readonly string[], text: string): readonly string[] {
    if (audits.length === 0) return [];
    const named = audits
      .slice(0, mostNamed)
      .map((audit) => inlineText(audit))
      .join(", ");
    const rest = audits.length > mostNamed ? ` and ${grouped(audits.length - mostNamed)} more` : "";
    return ["", ...prose(`Note: ${grouped(audits.length)} reports ${text}: ${named}${rest}.`, 0, page)];
  }
}

function verdict(chained: number): string {
  return chained === 0
    ? "No report is chained yet. The next audit begins the chain."
    : "Every chained report and every file beside it is there, unaltered and in order.";
}

function problemText({ kind, path, day, detail }: StoreProblem): string {
  return `${kind.toUpperCase()} ${inlineText(path)}${day === null ? "" : ` (${day})`}: ${detail}`;
}
