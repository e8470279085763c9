import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "../src/checks/index.ts";
import { packageFile } from "../src/package-file.ts";
import { withChecks } from "../tools/readme-checks.ts";
import { withDemo } from "../tools/readme-demo.ts";

const readme = readFileSync(packageFile("README.md"), "utf8");

describe("the README", () => {
  it("lists the checks as npm run generate writes them", () => {
    expect(readme).toBe(withChecks(readme, checks));
  });

  it("shows an excerpt of the demo as npm run generate writes it", () => {
    const report = readFileSync(packageFile("test/demo.report.txt"), "utf8");
    expect(readme).toBe(withDemo(readme, report));
  });

  it.each(["npm ci && npm run demo", "npm ci && npm test"])("has %s alone in a block", (command) => {
    expect(readme).toContain(`\n\`\`\`sh\n${command}\n\`\`\`\n`);
  });

  it("links to files that exist", () => {
    const targets = Array.from(readme.matchAll(/\]\((?!https?:)([^)#]+)/g), ([, target = ""]) => target);
    expect(targets).toContain("docs/policy.md");
    expect(targets.filter((target) => !existsSync(packageFile(target)))).toEqual([]);
  });
});

describe("its table of checks", () => {
  const marked = `before\n${readme.slice(readme.indexOf("<!-- checks"), readme.indexOf("<!-- end of checks"))}`;

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

describe("its excerpt of the demo", () => {
  const lines = [
    "PULL THROUGH CACHE AUDIT",
    "  Seen 1",
    "  Policy x",
    "ACCOUNTS AND REGIONS",
    "  a",
    "  Not shown",
    "FAILING: 1",
  ];
  const report = [...lines, "    111122223333  eu-west-1", "  What to do", "  Read more"].join("\n");

  it("leaves out what differs from one audit to the next", () => {
    const text = withDemo("<!-- demo: written by npm run generate -->\n<!-- end of demo -->", report);
    expect(text).toContain(
      "  Seen 1\n  …\n\nACCOUNTS AND REGIONS\n  a\n  …\n\nFAILING: 1\n    111122223333  eu-west-1\n  …",
    );
    expect(text).not.toContain("Policy x");
  });

  it.each(["ACCOUNTS AND REGIONS", "  Read more"])(
    "is not written where the report has no line %s",
    (gone) => {
      const marked = "<!-- demo: written by npm run generate -->\n<!-- end of demo -->";
      expect(() => withDemo(marked, report.replace(gone, ""))).toThrow(
        "The demo's report has no line that matches",
      );
    },
  );
});
