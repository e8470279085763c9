import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";

it("CONTRIBUTING.md has every project of the tests", () => {
  const configured = readFileSync(packageFile("vitest.config.ts"), "utf8").matchAll(/\bproject\("(\w+)"/g);
  const document = readFileSync(packageFile("CONTRIBUTING.md"), "utf8");
  const table = document.slice(
    document.indexOf("| project |"),
    document.indexOf("`npx vitest run --project"),
  );
  const listed = Array.from(table.matchAll(/^\| `(\w+)` \|/gm), ([, name = ""]) => name);
  expect(listed.toSorted()).toEqual(Array.from(configured, ([, name = ""]) => name).toSorted());
});
