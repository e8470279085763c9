import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteLength, cutToBytes } from "../../../src/core/bytes.ts";
import { cutToCharacters, cutToClause } from "../../../src/render/escape/cut.ts";

const anyText = fc.string({ unit: "binary" });
const bytes = fc.integer({ min: 0, max: 40 });

describe("cutToBytes", () => {
  test.each([
    ["abc", 3, "abc"],
    ["abc", 2, "ab"],
    ["é", 1, ""],
    ["aé", 2, "a"],
    ["😀b", 4, "😀"],
    ["😀b", 3, ""],
    ["abc", 0, ""],
    ["abc", -1, ""],
  ])("cuts %j to %d bytes as %j", (text, limit, cut) => {
    expect(cutToBytes(text, limit)).toBe(cut);
  });

  test("keeps the limit and splits no code point", () => {
    fc.assert(
      fc.property(anyText, bytes, (text, limit) => {
        const cut = cutToBytes(text, limit);
        expect(byteLength(cut)).toBeLessThanOrEqual(limit);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });

  test("keeps as much as the limit allows", () => {
    fc.assert(
      fc.property(anyText, bytes, (text, limit) => {
        const cut = cutToBytes(text, limit);
        const [next = ""] = text.slice(cut.length);
        expect(next === "" || byteLength(cut + next) > limit).toBe(true);
      }),
    );
  });

  test("keeps half a character where U+FFFD has room, as it is sent", () => {
    expect(cutToBytes("\ud800a", 3)).toBe("\ud800");
    expect(cutToBytes("\ud800a", 2)).toBe("");
  });
});

describe("cutToCharacters", () => {
  test.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "abc… (1 more character)"],
    ["😀😀😀", 2, "😀😀… (1 more character)"],
    ["😀😀", 2, "😀😀"],
  ])("cuts %j to %d characters as %j", (text, limit, cut) => {
    expect(cutToCharacters(text, limit)).toBe(cut);
  });

  test("counts characters, halves of them too, as the language does", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.string({ unit: fc.constantFrom("a", "\ud83d", "\ude00") }),
        bytes,
        (one, other, limit) => {
          const text = one + other;
          const characters = Array.from(text);
          const missing = characters.length - limit;
          const cut = cutToCharacters(text, limit);
          if (missing <= 0) expect(cut).toBe(text);
          else expect(cut.startsWith(`${characters.slice(0, limit).join("")}… (${missing} more `)).toBe(true);
        },
      ),
    );
  });

  test("says how much of a long text is missing", () => {
    expect(cutToCharacters("x".repeat(100_000), 500)).toBe(`${"x".repeat(500)}… (99,500 more characters)`);
  });
});

describe("cutToClause", () => {
  const text = "Create it; then run: aws x --y 1. This deletes the old one.";

  test.each([
    [text.length, text],
    [text.length - 1, "Create it; then run: aws x --y 1. \u2026"],
    [34, "Create it; then run: aws x --y 1. \u2026"],
    [32, "Create it; \u2026"],
    [10, "Create it; \u2026"],
    [9, "Create it\u2026 (50 more characters)"],
  ])("keeps the clauses that fit into %i characters", (limit, kept) => {
    expect(cutToClause(text, limit)).toBe(kept);
  });

  test("cuts a text without clauses at a character", () => {
    expect(cutToClause("x".repeat(12), 10)).toBe(`${"x".repeat(10)}\u2026 (2 more characters)`);
  });
});
