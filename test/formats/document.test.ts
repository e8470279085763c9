import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../../src/checks/index.ts";
import { renderDocument } from "../../src/formats/document.ts";
import { packageFile } from "../../src/package-file.ts";
import { pageOf } from "../../src/render/page.ts";

function set(markdown: string, width = 60): readonly string[] {
  return renderDocument(markdown, pageOf(width, false)).split("\n").slice(0, -1);
}

describe("renderDocument", () => {
  it("separates headings from their content", () => {
    expect(set("# root-prefix\n\n## When it *fails*\n\nSometimes.\n")).toEqual([
      "root-prefix",
      "",
      "WHEN IT *FAILS*",
      "",
      "  Sometimes.",
    ]);
  });

  it("wraps paragraphs again, and removes the markup", () => {
    const text =
      "A `ROOT` rule\ncatches **everything**, as [AWS says](https://docs.aws.amazon.com/x) and\n[we](../y.md) do.";
    expect(set(text)).toEqual([
      "  A ROOT rule catches everything, as AWS says",
      "  (https://docs.aws.amazon.com/x) and we do.",
    ]);
  });

  it("leaves code unchanged, including empty and long lines", () => {
    const command = `aws ecr ${"x".repeat(80)} \\`;
    expect(set(`\`\`\`sh\n${command}\n\n  --region \`here\`\n\`\`\`\n\nAfter.`)).toEqual([
      `    ${command}`,
      "    ",
      "      --region `here`",
      "",
      "  After.",
    ]);
  });

  it("aligns tables in columns, the last as wide as the page allows", () => {
    const rows = [
      "| kind | meaning |",
      "|---|---|",
      "| `too-old` | The secret was changed last before the day that it had to be. |",
    ];
    expect(set(rows.join("\n"))).toEqual([
      "  kind     meaning",
      "  too-old  The secret was changed last before the day that",
      "           it had to be.",
    ]);
  });

  it("keeps the markers of lists, with one paragraph for each item", () => {
    const list = "1. First, one thing that is long enough to be broken\n   here.\n2. Then\nanother.";
    expect(set(list)).toEqual([
      "  1. First, one thing that is long enough to be broken here.",
      "  2. Then another.",
    ]);
    expect(set("- one\n- two")).toEqual(["  - one", "  - two"]);
  });

  it("paints headings if colour is on", () => {
    expect(renderDocument("# a\n\n## b\n", pageOf(60, true))).toBe(
      "\u001b[1ma\u001b[22m\n\n\u001b[1mB\u001b[22m\n",
    );
  });

  it.each(checks.map(({ id, docs }) => [id, docs]))("fits %s on a terminal, commands aside", (_id, docs) => {
    const lines = set(readFileSync(packageFile(docs), "utf8"), 80);
    expect(lines.filter((line) => !line.startsWith("    ") && line.length > 80)).toEqual([]);
    expect(lines.join("\n")).not.toMatch(/```|\|/);
  });
});
