import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Log, Run } from "sarif";
import { describe, expect, it, test } from "vitest";
import type { CheckHelp } from "../../src/formats/sarif/log.ts";
import { renderSarif } from "../../src/formats/sarif/sarif.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import type { Report } from "../../src/schemas/report.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aGap, aReport } from "../support/report-builders.ts";
import { validatorOf } from "./json-schema.ts";

/** Draft 4 says `id` and `$schema` of the schema itself; nothing else in it differs from what ajv reads. */
const require = createRequire(import.meta.url);
const schemaFile = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(schemaFile, "utf8"));
const problemsOf = validatorOf(schema);

const help: CheckHelp = {
  failsWhen: "AWS says `isValid: false`",
  document: "# rule-validation\n\nWhy it matters.",
};
const waiver = { reason: "Legacy", owner: "team-a", ticket: "SEC-12", expires: "2027-01-31" };

function runOf(report: Report, helpOf: (check: string) => CheckHelp | null = () => help): Run {
  const log: Log = JSON.parse(renderSarif(report, { version: "1.2.3", helpOf }));
  expect(problemsOf(log)).toEqual([]);
  const [run, ...others] = log.runs;
  if (run === undefined || others.length > 0) throw new Error("there must be one run");
  return run;
}

function resultOf(finding: Partial<Finding>) {
  return runOf(aReport({ findings: [aFinding(finding)] })).results?.[0];
}

describe("renderSarif", () => {
  it.each<readonly [string, Partial<Finding>, object]>([
    ["fails", {}, { kind: "fail", level: "error", baselineState: "new", ruleIndex: 0 }],
    ["fails still", { transition: "unchanged" }, { baselineState: "unchanged" }],
    ["fails differently", { transition: "changed" }, { baselineState: "updated" }],
    ["fails a little", { severity: "low" }, { kind: "fail", level: "note" }],
    ["is unknown", { status: "UNKNOWN", transition: null }, { kind: "open", level: "none" }],
    ["passes", { status: "PASS", transition: null }, { kind: "pass", level: "none" }],
    ["does not apply", { status: "NOT_APPLICABLE", transition: null }, { kind: "notApplicable" }],
    [
      "is waived",
      { status: "WAIVED", transition: null, waiver },
      {
        kind: "fail",
        level: "error",
        suppressions: [
          {
            kind: "external",
            status: "accepted",
            justification: 'until 2027-01-31, owner team-a, SEC-12: "Legacy"',
          },
        ],
      },
    ],
  ])("renders a finding that %s", (_what, finding, expected) => {
    expect(resultOf(finding)).toMatchObject(expected);
  });

  it("omits resolved findings, which a viewer would show as problems", () => {
    expect(runOf(aReport({ findings: [aFinding({ transition: "resolved" })] })).results).toEqual([]);
  });

  it("contains the location, and identifies a problem by the id of its finding", () => {
    expect(resultOf({ id: "f-7", prefix: "a/b" })).toMatchObject({
      partialFingerprints: { "findingId/v1": "f-7", primaryLocationLineHash: "f-7" },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "111122223333/eu-west-1/a%2Fb" } },
          logicalLocations: [
            {
              name: "a/b",
              fullyQualifiedName: "arn:aws:ecr:eu-west-1:111122223333:repository/a/b/*",
              kind: "resource",
            },
          ],
        },
      ],
    });
  });

  it("has a rule for each check, as severe as the worst of its findings, with the check's document", () => {
    const findings = [
      aFinding({ severity: "medium" }),
      aFinding({ id: "f-2", severity: "critical" }),
      aFinding({ id: "f-3", check: "own-check", title: "Ours", remediation: "Ask us.", severity: "low" }),
    ];
    const { tool, results } = runOf(aReport({ findings }), (check) => (check === "own-check" ? null : help));
    expect(tool.driver).toMatchObject({ name: "pull-through-auditor", semanticVersion: "1.2.3" });
    expect(tool.driver.rules).toMatchObject([
      {
        id: "rule-validation",
        shortDescription: { text: "Fails when AWS says isValid: false." },
        help: { markdown: help.document },
        helpUri: expect.stringMatching(/^https:/),
        properties: { "security-severity": "9.5" },
      },
      {
        id: "own-check",
        shortDescription: { text: "Ours" },
        help: { text: "Ask us." },
        properties: { "security-severity": "2.0" },
      },
    ]);
    expect(results?.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 0, 1]);
  });

  it("says whether everything was covered, and lists the gaps", () => {
    expect(runOf(aReport()).invocations).toMatchObject([
      { executionSuccessful: true, toolExecutionNotifications: [] },
    ]);
    expect(runOf(aReport({ gaps: [aGap({ prefixes: ["quay"] })] })).invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "error",
            descriptor: { id: "denied-by-scp" },
            message: { text: expect.stringContaining("in 444455556666 us-east-1 (quay)") },
          },
        ],
      },
    ]);
  });

  it("prevents collected text from becoming a link or a placeholder", () => {
    const text = resultOf({ message: "[here](https://evil.example) {0}", remediation: "Mend." })?.message
      .text;
    expect(text).toBe("\\[here\\](https://evil.example) {{0}} Mend.");
  });
});

describe("the schema of the tests", () => {
  it("rejects a log that is not SARIF", () => {
    expect(problemsOf({ version: "2.1.0" })).not.toEqual([]);
    expect(
      problemsOf({ version: "2.1.0", runs: [{ tool: { driver: { name: "x", colour: 1 } } }] }),
    ).not.toEqual([]);
  });
});

test.each(hostileRows)("%s stays text, and valid", (_what, text) => {
  const report = hostileReport(text);
  expect(runOf(report).results).toHaveLength(4);
  const rendered = renderSarif(report, { version: "1.2.3", helpOf: () => null });
  expect(rendered).not.toMatch(unprintable);
  expect(rendered.length).toBeLessThan(500_000);
});
