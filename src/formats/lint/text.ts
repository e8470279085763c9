import { firstLines } from "../../core/first-lines.ts";
import { problemLine } from "../../core/problem.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { counted } from "../../render/words.ts";
import type { LintedFile, LintedProblem, LintReport } from "../../schemas/policy-lint.ts";

/** Renders the result of `policy lint` for people: what can be used, then what is wrong. */
export function renderLintText(report: LintReport): string {
  return `${usableText(report)}${problemText(report)}`;
}

/** A line for each policy without errors. */
export function usableText({ files }: LintReport): string {
  return files
    .map(({ file, policy, problems }) =>
      policy === null || problems.some(isError)
        ? ""
        : `${inlineText(file)}: no problems found (${inlineText(policy.name)}, ${policy.digest})\n`,
    )
    .join("");
}

/** The problems and warnings of each policy. */
export function problemText({ files }: LintReport): string {
  return files.map(problemsOf).join("");
}

function problemsOf({ file, problems }: LintedFile): string {
  const errors = problems.filter(isError);
  const name = inlineText(file);
  const head = errors.length === 0 ? "" : `${name}: ${counted(errors.length, "problem")}\n`;
  const lines = firstLines(errors.map(problemLine)).map((line) => `${line}\n`);
  const warnings = problems
    .filter((problem) => !isError(problem))
    .map(({ path, message }) => `${name}: warning: ${problemLine({ path: `${path}:`, message })}\n`);
  return [head, ...lines, ...warnings].join("");
}

function isError({ level }: LintedProblem): boolean {
  return level === "error";
}
