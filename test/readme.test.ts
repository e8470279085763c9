import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../src/checks/index.ts";
import { packageFile } from "../src/package-file.ts";
import { withChecks } from "../tools/readme-checks.ts";

const readme = readFileSync(packageFile("README.md"), "utf8");

describe("the README", () => {
  it("lists the checks as npm run generate writes them", () => {
    expect(readme).toBe(withChecks(readme, checks));
  });

  it("points to files that there are", () => {
    const targets = Array.from(readme.matchAll(/\]\((?!https?:)([^)#]+)/g), ([, target = ""]) => target);
    expect(targets).toContain("docs/policy.md");
    expect(targets.filter((target) => !existsSync(packageFile(target)))).toEqual([]);
  });
});

describe("its table of checks", () => {
  const marked = `before\n${readme.slice(readme.indexOf("<!-- checks"), readme.indexOf("<!-- end"))}`;

  it("has one row for each check, and leaves all around it alone", () => {
    const [check] = checks;
    const table = withChecks(`${marked}<!-- end of checks -->\nafter\n`, checks.slice(0, 1));
    expect(table.split("\n")).toEqual([
      "before",
      "<!-- checks: written by npm run generate -->",
      "| check | default severity | fails when |",
      "|---|---|---|",
      `| [\`${check?.id}\`](${check?.docs}) | ${check?.severity} | ${check?.failsWhen} |`,
      "<!-- end of checks -->",
      "after",
      "",
    ]);
  });

  it("is not written where its marks are gone", () => {
    expect(() => withChecks(marked, checks)).toThrow("README.md has lost its mark <!-- end of checks -->");
  });
});
