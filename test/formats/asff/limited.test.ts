import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limitedFields, limitedText } from "../../../src/formats/asff/limits.ts";
import { unprintable } from "../../render/hostile-texts.ts";

describe("limitedText", () => {
  test.each([
    ["a text that fits", "abcdef", "abcdef"],
    ["a text that is too long", "abcdefg", "abcde…"],
    ["a line break", "ab\ncd", "ab cd"],
    ["half a character at the cut", "abcd\u{1f600}fg", "abcd…"],
    ["a whole character at the cut", "abc\u{1f600}fg", "abc\u{1f600}…"],
    ["a text whose beginning is white space", `${" ".repeat(40)}abc`, "…"],
    ["a text that is far too long, at half a character", `${" ".repeat(21)}ab\u{1f600}cd`, "ab…"],
    ["nothing", "", "-"],
    ["white space alone", " \n\t ", "-"],
  ])("limits %s", (_what, text, limited) => {
    expect(limitedText(text, 6)).toBe(limited);
  });

  test("keeps its limit and stays printable for any text", () => {
    const anything = fc.string({ unit: "binary", maxLength: 80 });
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const limited = limitedText(text, limit);
        expect(limited.length).toBeLessThanOrEqual(limit);
        expect(limited).not.toBe("");
        expect(limited).not.toMatch(unprintable);
        expect(limited.isWellFormed()).toBe(true);
      }),
    );
  });
});

test("limitedFields omits null values, and limits the rest", () => {
  expect(limitedFields({ a: null, b: "abcdefg", c: "" }, 6)).toEqual({ b: "abcde…", c: "-" });
});
