import type { CaseResult, Difference } from "../policy-test/run.ts";
import { inlineText } from "../render/escape/inline.ts";
import { wrap } from "../render/layout.ts";
import { counted } from "../render/words.ts";

/** What became of one file of cases. */
export type Tested = {
  readonly file: string;
  /** The policy's name. */
  readonly policy: string;
  readonly results: readonly CaseResult[];
};

/** Whether all of a file's cases hold. */
export function isMet({ results }: Tested): boolean {
  return results.every(({ differences }) => differences.length === 0);
}

/** A file's cases, each with what differs. */
export function testedText({ file, policy, results }: Tested, width: number): string {
  const lines = results.flatMap(({ name, differences }) => [
    `  ${differences.length === 0 ? "ok  " : "FAIL"}  ${inlineText(name)}`,
    ...differences.flatMap((difference) => differenceLines(difference, width)),
  ]);
  return `${[`${inlineText(file)} (${inlineText(policy)})`, ...lines].join("\n")}\n\n`;
}

/** How many cases there were, and how many of them do not hold. */
export function summaryOf(tested: readonly Tested[]): string {
  const results = tested.flatMap((one) => one.results);
  const unmet = results.filter(({ differences }) => differences.length > 0).length;
  return `${counted(results.length, "case")}, ${unmet === 0 ? "all as expected" : `${unmet} not as expected`}\n`;
}

function differenceLines({ prefix, check, expected, got, message }: Difference, width: number) {
  const place = prefix === "" ? "the registry" : inlineText(prefix);
  const head = `${place}, ${check}: expected ${expected}, got ${got ?? "no answer"}`;
  return [
    ...wrap(head, { width, first: " ".repeat(8), rest: " ".repeat(10) }),
    ...(message === null
      ? []
      : wrap(inlineText(message), { width, first: " ".repeat(10), rest: " ".repeat(10) })),
  ];
}
