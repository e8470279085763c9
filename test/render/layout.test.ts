import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth, padTo, wrap } from "../../src/render/layout.ts";

describe("displayWidth", () => {
  test.each([
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["東京", 4],
    ["🎉", 2],
    ["", 0],
  ])("of %j is %d", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

test("padTo counts columns, and leaves longer texts unchanged", () => {
  expect(padTo("東", 4)).toBe("東  ");
  expect(padTo("abcde", 4)).toBe("abcde");
});

describe("wrap", () => {
  test("breaks at spaces and indents", () => {
    expect(wrap("one two three four", { width: 12, first: "- ", rest: "  " })).toEqual([
      "- one two",
      "  three four",
    ]);
  });

  test("does not break a word that is longer than a line", () => {
    expect(wrap("a arn:aws:ecr:x b", { width: 6, first: "", rest: " " })).toEqual([
      "a",
      " arn:aws:ecr:x",
      " b",
    ]);
  });

  test("loses no word, and only single words are wider than the line", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 5, max: 30 }), (list, width) => {
        const lines = wrap(list.join(" "), { width, first: "", rest: "" });
        expect(lines.join(" ")).toBe(list.join(" "));
        for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
      }),
    );
  });
});
