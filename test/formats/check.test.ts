import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkRenderers } from "../../src/cli/check/formats.ts";
import { packageFile } from "../../src/package-file.ts";
import { anywhere, delivered, evaluate, goodProperties, templateOf } from "../iac/support.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { validatorOf } from "./json-schema.ts";

const look = { color: false, width: 80 };
const schemaFile = "test/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
const {
  $schema: _draft,
  id: _id,
  ...sarifSchema
} = JSON.parse(readFileSync(packageFile(schemaFile), "utf8"));
const later = { "Fn::GetAtt": ["Secret", "Id"] };
const report = evaluate(
  [
    templateOf({
      Good: goodProperties,
      Bad: { EcrRepositoryPrefix: "Mirror", UpstreamRegistryUrl: "mirror.example.com" },
      Later: { ...goodProperties, EcrRepositoryPrefix: "later", CredentialArn: later },
    }),
  ],
  { deployment: anywhere },
);

describe("a report on code", () => {
  it("contains failing, unknown and passing findings", () => {
    for (const status of ["FAIL", "UNKNOWN", "PASS"] as const) {
      expect(delivered(report.findings, status)).not.toEqual([]);
    }
  });

  it("says in text what fails and where, what is unknown, what was skipped, and the verdict last", () => {
    const text = checkRenderers.text(report, look);
    expect(text).toContain("HIGH  AWS would refuse the rule: UnsupportedUpstreamRegistryException");
    expect(text).toContain("  code-0:1  Bad");
    expect(text).toContain("NOT KNOWN BEFORE DEPLOYMENT: ");
    expect(text.match(/Not applicable to code: /g)).toHaveLength(1);
    expect(text.trimEnd().split("\n").at(-1)).toMatch(/not known before deployment\.$/);
  });

  it("is SARIF with physical locations", () => {
    const log = JSON.parse(checkRenderers.sarif(report));
    expect(validatorOf(sarifSchema)(log)).toEqual([]);
    const [result] = log.runs[0].results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "code-0" },
      region: { startLine: 1 },
    });
  });

  it("is JUnit in which only failing findings are failures", () => {
    const xml = checkRenderers.junit(report);
    expect(xml.match(/<failure /g)).toHaveLength(report.summary.findings.FAIL ?? -1);
    expect(xml).not.toContain("<error ");
  });

  it("is Markdown with a table of failing findings", () => {
    expect(checkRenderers.markdown(report)).toContain("| `code-0:1` | `Bad` | `creation-refused` |");
  });
});

describe("texts of files", () => {
  it.each(hostileRows)("are inert in every format: %s", (_name, text) => {
    const hostileReport = evaluate([
      templateOf({ [text]: { EcrRepositoryPrefix: text, UpstreamRegistryUrl: text } }),
    ]);
    for (const name of ["text", "json", "markdown", "sarif", "junit"] as const) {
      const rendered = checkRenderers[name](hostileReport, look);
      expect(rendered.replaceAll("\n", "")).not.toMatch(unprintable);
    }
  });
});
