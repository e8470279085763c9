import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeJson } from "../../../src/render/escape/json.ts";
import { hostileRows, unprintable } from "../hostile-texts.ts";

describe("safeJson", () => {
  test.each(hostileRows)("is equivalent and shows nothing unprintable of %s", (_what, text) => {
    const json = safeJson({ text });
    expect(JSON.parse(json)).toEqual({ text: text.toWellFormed() });
    expect(json).not.toMatch(unprintable);
  });

  test("is equivalent for any text, as key and as value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(safeJson({ [`k${text}`]: text }))).toEqual({ [`k${text}`]: text });
      }),
    );
  });

  test("writes characters beyond the first plane as both of their halves", () => {
    expect(safeJson("\u{e0041}")).toBe('"\\udb40\\udc41"');
  });

  test("indents as asked", () => {
    expect(safeJson({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
  });
});
