import { describe, expect, it } from "vitest";
import { inputTransformerSchema, transformed } from "./input-transformer.ts";

const event = { detail: { id: "a1", text: 'say "no"\nor <yes>', none: null, list: [{ a: 1 }], on: true } };
const all = {
  id: "$.detail.id",
  text: "$.detail.text",
  none: "$.detail.none",
  list: "$.detail.list",
  on: "$.detail.on",
};

/** The result of a template that uses these variables. */
function filled(InputTemplate: string, ...names: readonly (keyof typeof all)[]): unknown {
  const InputPathsMap = Object.fromEntries(names.map((name) => [name, all[name]]));
  return transformed({ InputPathsMap, InputTemplate }, event);
}

describe("an input transformer", () => {
  it("puts values of every type where JSON has one, and harmless ones into texts", () => {
    const template =
      '{ "text": <text>, "none": <none>, "list": <list>, "on": <on>, "in": "\\"<id>/<id>\\"" }';
    expect(filled(template, "text", "none", "list", "on", "id")).toEqual({
      text: 'say "no"\nor <yes>',
      none: null,
      list: [{ a: 1 }],
      on: true,
      in: '"a1/a1"',
    });
  });

  it("fills in a variable whose value looks like a variable once", () => {
    const values = { detail: { id: "<other>", other: "x" } };
    const paths = { id: "$.detail.id", other: "$.detail.other" };
    expect(transformed({ InputPathsMap: paths, InputTemplate: "[<id>, <other>]" }, values)).toEqual([
      "<other>",
      "x",
    ]);
  });

  it.each([
    ["a value that could end a text", () => filled('{ "a": "<text>" }', "text"), "cannot be within a text"],
    ["null within a text", () => filled('{ "a": "<none>" }', "none"), "cannot be within a text"],
    ["a variable without a path", () => filled('{ "a": <id> }'), "<id>, which has no path"],
    ["a path that is not used", () => filled('{ "a": <id> }', "id", "on"), "does not use on"],
    ["a template that is no JSON", () => filled('{ "a": <id>, }', "id"), "JSON"],
    [
      "a path that the event has not",
      () => transformed({ InputPathsMap: { x: "$.detail.x" }, InputTemplate: "<x>" }, event),
      "no $.detail.x",
    ],
    [
      "brackets in a path",
      () => transformed({ InputPathsMap: { x: "$.detail['id']" }, InputTemplate: "<x>" }, event),
      "dot notation",
    ],
    [
      "too many variables",
      () =>
        transformed(
          {
            InputPathsMap: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`v${n}`, all.id])),
            InputTemplate: "1",
          },
          event,
        ),
      "100 variables",
    ],
  ])("refuses %s", (_, fill, words) => {
    expect(fill).toThrow(words);
  });

  it.each([
    [{ InputPathsMap: { "AWS.x": "$.id" }, InputTemplate: "1" }],
    [{ InputPathsMap: {}, InputTemplate: " ".repeat(8193) }],
  ])("is refused by EventBridge: %j", (transformer) => {
    expect(inputTransformerSchema.safeParse(transformer).success).toBe(false);
  });
});
