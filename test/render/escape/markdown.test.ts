import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteLength } from "../../../src/core/bytes.ts";
import { cutMarkdown, markdownText, ownMarkdown } from "../../../src/render/escape/markdown.ts";
import { hostileRows } from "../hostile-texts.ts";

describe("markdownText", () => {
  test.each([
    ["<!channel>", "&lt;!channel&gt;"],
    ["<script>&amp;", "&lt;script&gt;&amp;amp;"],
    ["mail @here now", "mail ＠here now"],
    ["someone@example.com", "someone@example.com"],
    ["*bold* `code` ~gone~", "∗bold∗ 'code' ∼gone∼"],
    ["_italic_ but snake_case_name stays", "＿italic＿ but snake_case_name stays"],
    ["https://evil.example", "https[:]//evil.example"],
    ["[free](evil.example)", "[free] (evil.example)"],
    ["a\n> quote", "a &gt; quote"],
  ])("shows %j as %j", (text, shown) => {
    expect(markdownText(text)).toBe(shown);
  });

  test.each(hostileRows)("leaves nothing that formats, mentions or links of %s", (_what, text) => {
    const shown = markdownText(text);
    expect(shown).not.toMatch(/[<>`*~\n]|:\/\/|\]\(|(^|\s)[@_]\w|&(?!(amp|lt|gt);)/);
  });

  test("leaves nothing that formats, mentions or links of any text", () => {
    const markup = fc.stringMatching(/^[<>&`*_~@:/\][()a !\n]{0,30}$/);
    fc.assert(
      fc.property(markup, (text) => {
        expect(markdownText(text)).not.toMatch(/[<>`*~\n]|:\/\/|\]\(|(^|\s)[@_]\w|&(?!(amp|lt|gt);)/);
      }),
    );
  });
});

describe("ownMarkdown", () => {
  test("keeps the auditor's own URLs, but no markup", () => {
    expect(ownMarkdown("https://console.example/a?b&c <x>")).toBe(
      "https://console.example/a?b&amp;c &lt;x&gt;",
    );
  });
});

describe("cutMarkdown", () => {
  test.each([
    ["a&lt;b", 6, "a&lt;b"],
    ["a&lt;bcd", 7, "a…"],
    ["a&lt;bcd", 8, "a&lt;bcd"],
    ["a&lt;bcde", 8, "a&lt;…"],
    ["ééé", 5, "é…"],
  ])("cuts %j to %d bytes as %j", (text, bytes, cut) => {
    expect(cutMarkdown(text, bytes)).toBe(cut);
  });

  test("keeps the limit and splits no entity", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 3, max: 40 }), (text, bytes) => {
        const cut = cutMarkdown(markdownText(`${text}<&>${text}`), bytes);
        expect(byteLength(cut)).toBeLessThanOrEqual(bytes);
        expect(cut).not.toMatch(/&(?!(amp|lt|gt);)/);
      }),
    );
  });
});
