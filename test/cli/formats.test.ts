import { describe, expect, it } from "vitest";
import { formatNames, parseFormat, parseFormats, render } from "../../src/cli/formats.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderText } from "../../src/render/text.ts";
import { aReport } from "../support/report-builders.ts";

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
    ["xml", "there is no format xml; there are text, json"],
    ["JSON", "there is no format JSON"],
    ["", "there is no format "],
    ["=file", "there is no format "],
    ["toString", "there is no format toString"],
    ["json=", "--format json=: the file's name is missing"],
  ])("refuses %j", (text, words) => {
    expect(() => parseFormat(text)).toThrow(UsageError);
    expect(() => parseFormat(text)).toThrow(words);
  });
});

describe("parseFormats", () => {
  it("takes text where nothing was asked for", () => {
    expect(parseFormats([])).toEqual([{ name: "text", file: null }]);
  });

  it("takes one for standard output among any number of files", () => {
    expect(parseFormats(["json=a", "text", "text=b"])).toEqual([
      { name: "json", file: "a" },
      { name: "text", file: null },
      { name: "text", file: "b" },
    ]);
  });

  it.each([[["text", "json"]], [["json", "json"]], [["json=a", "text", "text"]]])("refuses %j", (texts) => {
    expect(() => parseFormats(texts)).toThrow(UsageError);
  });
});

it("renders every format, text as it is asked to look", () => {
  const look = { color: true, width: 60 };
  const report = aReport();
  expect(formatNames.map((name) => render(report, name, look))).toEqual([
    renderText(report, look),
    renderJson(report),
  ]);
});
