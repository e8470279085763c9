import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderLintJson } from "../../src/formats/lint/json.ts";
import { renderLintSarif } from "../../src/formats/lint/sarif.ts";
import { renderLintText } from "../../src/formats/lint/text.ts";
import { packageFile } from "../../src/package-file.ts";
import { type LintReport, lintReportSchema } from "../../src/schemas/policy-lint.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { validatorOf } from "./json-schema.ts";

const schemaFile = "test/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
const {
  $schema: _draft,
  id: _id,
  ...sarifSchema
} = JSON.parse(readFileSync(packageFile(schemaFile), "utf8"));

/** A policy that can be used, with a warning, and one that cannot be read, named by this text. */
function linted(text: string): LintReport {
  const [place, nowhere] = [
    { line: 3, column: 5 },
    { line: null, column: null },
  ];
  const waiver = "$.waivers[0].expires";
  return {
    schemaVersion: 1,
    files: [
      {
        file: "policies/good.json",
        policy: { name: text, digest: "sha256:0" },
        problems: [
          { rule: "expired-waiver", level: "warning", path: waiver, message: "has expired", ...place },
        ],
      },
      {
        file: text,
        policy: null,
        problems: [
          { rule: "unreadable", level: "error", path: text, message: `is wrong: ${text}`, ...nowhere },
        ],
      },
    ],
  };
}

const renderers = {
  text: renderLintText,
  json: renderLintJson,
  sarif: (report: LintReport) => renderLintSarif(report, "1.2.3"),
} as const;

describe("the result of policy lint", () => {
  it("is SARIF with a rule, a level and a place for each problem", () => {
    const log = JSON.parse(renderers.sarif(linted("x y.json")));
    expect(validatorOf(sarifSchema)(log)).toEqual([]);
    expect(log.runs[0].results).toMatchObject([
      {
        ruleId: "expired-waiver",
        level: "warning",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "policies/good.json" },
              region: { startLine: 3, startColumn: 5 },
            },
          },
        ],
      },
      {
        ruleId: "unreadable",
        level: "error",
        locations: [
          { physicalLocation: { artifactLocation: { uri: "x%20y.json" }, region: { startLine: 1 } } },
        ],
      },
    ]);
  });

  it("is text that says first what can be used", () => {
    expect(renderers.text(linted("x.json"))).toBe(
      [
        "policies/good.json: no problems found (x.json, sha256:0)",
        "policies/good.json: warning: $.waivers[0].expires: has expired",
        "x.json: 1 problem",
        "  x.json is wrong: x.json",
        "",
      ].join("\n"),
    );
  });

  it("is JSON that keeps to its schema", () => {
    const report = linted("x.json");
    expect(lintReportSchema.parse(JSON.parse(renderers.json(report)))).toEqual(report);
  });

  it.each(hostileRows)("lets nothing of %s through to a terminal", (_name, text) => {
    for (const render of Object.values(renderers)) expect(render(linted(text))).not.toMatch(unprintable);
  });
});
