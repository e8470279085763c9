import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inlineText } from "../../../src/render/escape/inline.ts";
import { hostileRows, unprintable } from "../hostile-texts.ts";

describe("inlineText", () => {
  test.each([
    ["printable text as it is", "Grüße, 東京 🎉 (50%)", "Grüße, 東京 🎉 (50%)"],
    ["line breaks as spaces", "a\r\nb\nc\u2028d\u0085e", "a b c d e"],
    ["runs of white space as one space", " a \t\u00a0 b ", "a b"],
    ["ESC as its code", "\u001b[31mred", "\\u{1b}[31mred"],
    ["C1 controls as their codes", "\u009b31m", "\\u{9b}31m"],
    ["overrides of direction as their codes", "a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
    ["zero-width characters as their codes", "a\u200bb\ufeffc", "a\\u{200b}b\\u{feff}c"],
    ["characters beyond the first plane as their codes", "a\u{e0041}", "a\\u{e0041}"],
    ["half a character as U+FFFD", "a\ud800b\udc00", "a\ufffdb\ufffd"],
    ["nothing as nothing", "", ""],
  ])("shows %s", (_what, text, shown) => {
    expect(inlineText(text)).toBe(shown);
  });

  test.each(hostileRows)("leaves nothing unprintable of %s", (_what, text) => {
    const shown = inlineText(text);
    expect(shown).not.toMatch(unprintable);
    expect(shown).not.toContain("\n");
    expect(shown.isWellFormed()).toBe(true);
  });

  test("leaves nothing unprintable of any text, and its own output as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = inlineText(text);
        expect(shown).not.toMatch(unprintable);
        expect(inlineText(shown)).toBe(shown);
      }),
    );
  });
});
