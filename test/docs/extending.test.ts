import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";

const document = readFileSync(packageFile("docs/extending.md"), "utf8");
const sources = globSync("test/**/*.test.ts", { cwd: packageFile(""), exclude: ["test/node_modules/**"] })
  .filter((file) => !file.endsWith("docs/extending.test.ts"))
  .map((file) => readFileSync(packageFile(file), "utf8"))
  .join("\n");

/** The titles that the document quotes, as groups and tests separated by ›, with placeholders such as `<id>`. */
const titles = [...new Set(Array.from(document.matchAll(/"([^"]+)"/g), ([, title = ""]) => title))];

it("docs/extending.md names tests", () => {
  expect(titles.length).toBeGreaterThan(15);
});

it.each(titles)("docs/extending.md names a test that exists: %s", (title) => {
  const parts = title.split(/ › |`<\w+>`/).map((part) => part.trim());
  expect(parts.filter((part) => part !== "" && !sources.includes(part))).toEqual([]);
});
