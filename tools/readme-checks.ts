import type { Check } from "../src/checks/evaluation.ts";

const begin = "<!-- checks: written by npm run generate -->";
const end = "<!-- end of checks -->";

/** The README with its table of checks as the catalogue has them. @throws Error when its marks are gone */
export function withChecks(readme: string, checks: readonly Check[]): string {
  const [before, rest] = parted(readme, begin);
  const [, after] = parted(rest, end);
  return `${before}${begin}\n${tableOf(checks)}${end}${after}`;
}

function tableOf(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ id, docs, severity, failsWhen }) => `| [\`${id}\`](${docs}) | ${severity} | ${failsWhen} |\n`,
  );
  return ["| check | default severity | fails when |\n", "|---|---|---|\n", ...rows].join("");
}

function parted(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has lost its mark ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
