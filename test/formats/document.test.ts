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
  it("sets headings apart from what they head", () => {
    expect(set("# root-prefix\n\n## When it *fails*\n\nSometimes.\n")).toEqual([
      "root-prefix",
      "",
      "WHEN IT *FAILS*",
      "",
      "  Sometimes.",
    ]);
  });

  it("breaks paragraphs anew, and leaves out the marks", () => {
    const text =
      "A `ROOT` rule\ncatches **everything**, as [AWS says](https://docs.aws.amazon.com/x) and\n[we](../y.md) do.";
    expect(set(text)).toEqual([
      "  A ROOT rule catches everything, as AWS says",
      "  (https://docs.aws.amazon.com/x) and we do.",
    ]);
  });

  it("leaves code as it is, empty lines and long ones too", () => {
    const command = `aws ecr ${"x".repeat(80)} \\`;
    expect(set(`\`\`\`sh\n${command}\n\n  --region \`here\`\n\`\`\`\n\nAfter.`)).toEqual([
      `    ${command}`,
      "    ",
      "      --region `here`",
      "",
      "  After.",
    ]);
  });

  it("sets tables in columns, the last as wide as the page allows", () => {
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

  it("sets lists with their marks, one item a paragraph", () => {
    const list = "1. First, one thing that is long enough to be broken\n   anew.\n2. Then\nanother.";
    expect(set(list)).toEqual([
      "  1. First, one thing that is long enough to be broken anew.",
      "  2. Then another.",
    ]);
    expect(set("- one\n- two")).toEqual(["  - one", "  - two"]);
  });

  it("paints headings where there is colour", () => {
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
