import type { LintedProblem, LintReport } from "../../schemas/policy-lint.ts";
import { uriOf } from "../check/sarif.ts";
import { sarifText, verdictOn } from "../sarif/log.ts";

/** What {@link sarifText} needs of a problem. */
function evaluated({ rule, level, path, message }: LintedProblem) {
  return {
    check: rule,
    status: "FAIL",
    severity: level === "error" ? "high" : "medium",
    title: `Policies have no ${rule.replaceAll("-", " ")}`,
    message: `${path} ${message}`,
    remediation: "",
    waiver: null,
  } as const;
}

/** Renders the result of `policy lint` in the Static Analysis Results Interchange Format 2.1.0. */
export function renderLintSarif({ files }: LintReport, version: string): string {
  const results = files.flatMap(({ file, problems }) =>
    problems.map((problem) => ({ ...evaluated(problem), file, problem })),
  );
  return sarifText(
    results,
    ({ file, problem, ...result }) => ({
      ...verdictOn(result),
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(file) },
            region: {
              startLine: problem.line ?? 1,
              ...(problem.column === null ? {} : { startColumn: problem.column }),
            },
          },
        },
      ],
    }),
    { version, helpOf: () => null },
    {
      automationDetails: { id: "pull-through-auditor-policy-lint/" },
      invocations: [{ executionSuccessful: true }],
    },
  );
}
