import { describe, expect, it } from "vitest";
import { formatNames, parseFormat, parseFormats, render } from "../../src/cli/formats.ts";
import { UsageError } from "../../src/cli/terminal.ts";
import { renderText } from "../../src/formats/text/text.ts";
import { aFinding, aReport } from "../support/report-builders.ts";

describe("parseFormat", () => {
  it.each([
    ["text", { name: "text", file: null }],
    ["json", { name: "json", file: null }],
    ["json=report.json", { name: "json", file: "report.json" }],
    ["text=out/a=b.txt", { name: "text", file: "out/a=b.txt" }],
    ["json==", { name: "json", file: "=" }],
  ])("reads %s", (text, choice) => {
    expect(parseFormat(text)).toEqual(choice);
  });

  it.each([
    ["xml", "Unknown format xml. Known formats: text, json, markdown"],
    ["JSON", "Unknown format JSON"],
    ["", "Unknown format "],
    ["=file", "Unknown format "],
    ["toString", "Unknown format toString"],
    ["json=", "--format json=: the file name is missing"],
  ])("refuses %j", (text, words) => {
    expect(() => parseFormat(text)).toThrow(UsageError);
    expect(() => parseFormat(text)).toThrow(words);
  });
});

const asked = (format: readonly string[], output: readonly string[] = []) => ({ format, output });

describe("parseFormats", () => {
  it.each([
    [[], ["a.json", "b.HTML", "c.sarif"], ["json=a.json", "html=b.HTML", "sarif=c.sarif"]],
    [["json"], ["findings.json"], ["json=findings.json"]],
    [["asff"], ["findings.json"], ["asff=findings.json"]],
    [["text"], ["report"], ["text=report"]],
    [["text", "csv=x"], ["report.txt"], ["text=report.txt", "csv=x"]],
    [["text"], ["a.json", "b.html"], ["text", "json=a.json", "html=b.html"]],
  ])("--format %j with --output %j is %j", (format, output, choices) => {
    const got = parseFormats(asked(format, output));
    expect(got.map(({ name, file }) => (file === null ? name : `${name}=${file}`))).toEqual(choices);
  });

  it.each([
    [[], ["report.doc"], "--output report.doc: the suffix names no format"],
    [[], ["report"], "the suffix names no format"],
    [["text"], ["report.sarif"], "the file's suffix is that of sarif"],
  ])("refuses --format %j with --output %j", (format, output, words) => {
    expect(() => parseFormats(asked(format, output))).toThrow(UsageError);
    expect(() => parseFormats(asked(format, output))).toThrow(words);
  });

  it("takes text where nothing was asked for", () => {
    expect(parseFormats(asked([]))).toEqual([{ name: "text", file: null }]);
  });

  it("takes one for standard output among any number of files", () => {
    expect(parseFormats(asked(["json=a", "text", "text=b"]))).toEqual([
      { name: "json", file: "a" },
      { name: "text", file: null },
      { name: "text", file: "b" },
    ]);
  });

  it.each([[["text", "json"]], [["json", "json"]], [["json=a", "text", "text"]], [["json=a", "csv=./a"]]])(
    "refuses %j",
    (texts) => {
      expect(() => parseFormats(asked(texts))).toThrow(UsageError);
    },
  );
});

describe("render", () => {
  const context = { color: true, width: 60, identity: { account: "999988887777", region: "eu-west-1" } };
  const report = aReport({ findings: [aFinding()] });

  it("renders text as it is asked to look", async () => {
    expect(await render(report, "text", context)).toBe(renderText(report, context));
  });

  it.each([
    ["json", /^\{\n {2}"schemaVersion": 1/],
    ["markdown", /^## Pull through cache audit/],
    ["csv", /^id,check,status/],
    ["sarif", /"semanticVersion": "\d+\.\d+\.\d+"/],
    ["junit", /^<\?xml version="1\.0"/],
    ["asff", /"ProductArn": "arn:aws:securityhub:eu-west-1:999988887777:product/],
    ["ocsf", /"class_uid": 2003/],
    ["ocsf-1.3", /"version": "1\.3\.0"/],
  ] as const)("renders %s", async (name, expected) => {
    expect(await render(report, name, context)).toMatch(expected);
  });

  it("has the document of each check in SARIF", async () => {
    expect(await render(report, "sarif", context)).toContain('"markdown": "# rule-validation\\n');
  });

  it("makes findings for their own account's Security Hub where nobody audited", async () => {
    expect(await render(report, "asff", { ...context, identity: null })).toContain(
      '"AwsAccountId": "111122223333"',
    );
  });

  it("ends every format with a line break", async () => {
    for (const name of formatNames) expect(await render(report, name, context)).toMatch(/\n$/);
  });
});
