import type { Check } from "../src/checks/evaluation.ts";
import { withPart } from "./readme-parts.ts";

const marks = { begin: "<!-- checks: written by npm run generate -->", end: "<!-- end of checks -->" };

/** The README with a table of these checks. @throws Error when its marks are missing */
export function withChecks(readme: string, checks: readonly Check[]): string {
  return withPart(readme, marks, tableOf(checks));
}

function tableOf(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ id, docs, severity, failsWhen }) => `| [\`${id}\`](${docs}) | ${severity} | ${failsWhen} |\n`,
  );
  return ["| check | default severity | fails when |\n", "|---|---|---|\n", ...rows].join("");
}
