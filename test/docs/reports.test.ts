import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatNames } from "../../src/cli/formats.ts";
import { renderCsv } from "../../src/formats/csv.ts";
import { packageFile } from "../../src/package-file.ts";
import { withSamples } from "../../tools/report-samples.ts";
import { aReport } from "../support/report-builders.ts";
import { sampleReport } from "./sample-report.ts";

const document = readFileSync(packageFile("docs/reports.md"), "utf8");

describe("the document on reports", () => {
  it("has the samples as npm run generate writes them", async () => {
    expect(document).toBe(await withSamples(document, sampleReport));
  });

  it("describes every format, and no other", () => {
    const headings = Array.from(document.matchAll(/^## ([a-z][a-z0-9.-]*)$/gm), ([, name]) => name);
    expect(headings).toEqual(formatNames);
    const listed = Array.from(document.matchAll(/^\| \[`([a-z0-9.-]+)`\]\(#/gm), ([, name]) => name);
    expect(listed).toEqual(formatNames);
  });

  it.each(formatNames)("has a section and a row for the format %s", (name) => {
    expect(document).toContain(`\n## ${name}\n`);
    expect(document).toContain(`\n| [\`${name}\`](#${name.replace(".", "")}) |`);
  });

  it("names every column of the table", () => {
    const columns = renderCsv(aReport()).trimEnd().split(",");
    const part = document.slice(document.indexOf("## csv"), document.indexOf("<!-- sample: csv"));
    for (const column of columns) expect(part).toContain(`\`${column}\``);
  });

  it("is not written if its markers are missing", async () => {
    const withoutMark = withSamples(document.replace("<!-- sample: junit -->", ""), sampleReport);
    await expect(withoutMark).rejects.toThrow("docs/reports.md has lost its mark <!-- sample: junit -->");
  });
});
