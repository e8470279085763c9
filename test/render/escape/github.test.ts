import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { githubCell, githubCode, githubText } from "../../../src/render/escape/github.ts";
import { inlineText } from "../../../src/render/escape/inline.ts";
import { githubHtml, outsideCode, shownText } from "../../formats/github-page.ts";
import { hostileRows } from "../hostile-texts.ts";

/** Returns the text as shown in the cell of a table. */
function inTable(markdown: string): string {
  const html = githubHtml(`| head |\n|---|\n| ${githubCell(markdown)} |\n`);
  const [, cell, ...others] = html.split(/<t[hd]>|<\/t[hd]>/).filter((_part, index) => index % 2 === 1);
  expect(others).toEqual([]);
  return cell ?? "";
}

const inLine = (markdown: string) =>
  githubHtml(`begins ${markdown}`).slice("<p>begins ".length, -"</p>".length);

/** A table cannot show a bar after a backslash. */
const seenInTable = (text: string) => text.replaceAll("\\|", "\\\u2223");

const marks = fc.string({ unit: fc.constantFrom(..."`|*_[]()<>&@#\\~!-+=:./\"' ahwGH1\t"), maxLength: 24 });

describe("collected text on a page of GitHub", () => {
  it.each([
    ["plain words, and 1.5% (of them)", "plain words, and 1.5% (of them)"],
    ["ecr-public.", "ecr-public."],
    ["*bold* text", "`*bold*` text"],
    ["@team, look", "`@team`, look"],
    ["see #12; GH-12", "see `#12`; `GH-12`"],
    ["https://evil.example.", "`https://evil.example`."],
    ["www.evil.example", "`www.evil.example`"],
    ["a :rocket: b", "a `:rocket:` b"],
    ["a|b", "`a|b`"],
    ["a`b", "``a`b``"],
    ["`", "`` ` ``"],
  ])("%s is written %s", (text, markdown) => {
    expect(githubText(text)).toBe(markdown);
  });

  it.each([
    ["in a line", inLine, (text: string) => text],
    ["in a table", inTable, seenInTable],
  ])("shows %s as it was collected, and does nothing", (_where, page, seen) => {
    fc.assert(
      fc.property(marks, (text) => {
        const html = page(githubText(text));
        expect(shownText(html).trim()).toBe(seen(inlineText(text)));
        expect(html.replaceAll(/<\/?code>/g, "")).not.toContain("<");
        expect(outsideCode(html)).not.toMatch(/[@#<>[\]*_~\\|&]|:\/\/|www\.|GH-\d|:\w+:/i);
      }),
      { numRuns: 500 },
    );
  });

  it("is code for a name, and empty without one", () => {
    fc.assert(
      fc.property(marks, (text) => {
        const name = inlineText(text);
        const html = inTable(githubCode(text));
        expect(html).toMatch(name === "" ? /^$/ : /^<code>[^<]*<\/code>$/);
        expect(shownText(html)).toBe(seenInTable(name));
      }),
    );
  });
});

test.each(hostileRows)("%s does nothing", (_what, text) => {
  const short = text.slice(0, 2_000);
  const html = inTable(githubText(short));
  expect(html.replaceAll(/<\/?code>/g, "")).not.toContain("<");
  expect(shownText(html)).toBe(inlineText(short));
});
