import type { Row } from "./row.ts";

/** The title and rows of a part. */
export type Section = { readonly title: string; readonly rows: readonly Row[] };

/** The table as Markdown, with aligned columns for terminals. */
export function tableOf(sections: readonly Section[]): string {
  const lines = sections.flatMap(({ title, rows }) => [
    [`**${title}**`, "", "", ""],
    ...rows.map(({ what, measured, target }) => [what, measured, target?.words ?? "", verdictOn(target)]),
  ]);
  const all = [["what", "measured", "target", ""], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...all.map((line) => (line[column] ?? "").length)));
  const written = (line: readonly string[]) =>
    `| ${widths.map((width, column) => (line[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const [head = [], ...body] = all;
  return [written(head), rule, ...body.map(written)].join("\n");
}

function verdictOn(target: Row["target"]): string {
  if (target === undefined) return "";
  return target.isMet ? "met" : "MISSED";
}
