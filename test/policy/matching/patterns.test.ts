import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesName } from "../../../src/core/wildcards.ts";
import { listCovers, listsMeet, patternCovers, patternsMeet } from "../../../src/policy/matching/patterns.ts";

const patterns = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 4 });

/** All texts of up to six letters, which are more than enough to distinguish patterns of four characters. */
const texts = [""];
for (const text of texts) if (text.length < 6) texts.push(`${text}a`, `${text}b`, `${text}c`);

describe("patternsMeet", () => {
  it.each([
    { one: "docker-*", other: "*-hub", meet: true },
    { one: "docker-*", other: "docker", meet: false },
    { one: "111122223333", other: "1111*", meet: true },
    { one: "1*", other: "2*", meet: false },
    { one: "a?", other: "?b", meet: true },
    { one: "a?", other: "a", meet: false },
    { one: "", other: "*", meet: true },
    { one: "", other: "", meet: true },
  ])("$one and $other: $meet", ({ one, other, meet }) => {
    expect(patternsMeet(one, other)).toBe(meet);
    expect(listsMeet(["x", one], [other])).toBe(meet || patternsMeet("x", other));
    expect(listsMeet([one], [other, "x"])).toBe(meet || patternsMeet(one, "x"));
  });

  it("is true exactly where some text matches both", () => {
    fc.assert(
      fc.property(patterns, patterns, (one, other) => {
        const meet = texts.some((text) => matchesName(one, text) && matchesName(other, text));
        expect(patternsMeet(one, other)).toBe(meet);
      }),
    );
  });

  it("terminates on long patterns of stars, for which backtracking would take forever", () => {
    expect(patternsMeet("*a".repeat(500), "*b".repeat(500))).toBe(false);
  });
});

describe("patternCovers", () => {
  it.each([
    { wide: "*", narrow: "docker-*", covers: true },
    { wide: "docker-*", narrow: "docker-hub*", covers: true },
    { wide: "docker-*", narrow: "docker-?", covers: true },
    { wide: "docker-?", narrow: "docker-*", covers: false },
    { wide: "docker-?", narrow: "docker-a", covers: true },
    { wide: "docker-hub", narrow: "docker-*", covers: false },
    { wide: "a?", narrow: "a*", covers: false },
    { wide: "a?*", narrow: "a?*", covers: true },
  ])("$wide covers $narrow: $covers", ({ wide, narrow, covers }) => {
    expect(patternCovers(wide, narrow)).toBe(covers);
  });

  it("is true only if the wide pattern matches everything that the narrow one matches", () => {
    fc.assert(
      fc.property(patterns, patterns, (wide, narrow) => {
        fc.pre(patternCovers(wide, narrow));
        for (const text of texts.filter((each) => matchesName(narrow, each))) {
          expect(matchesName(wide, text)).toBe(true);
        }
      }),
    );
  });
});

describe("listCovers", () => {
  it.each([
    { wide: undefined, narrow: ["a"], covers: true },
    { wide: undefined, narrow: undefined, covers: true },
    { wide: ["a"], narrow: undefined, covers: false },
    { wide: ["*"], narrow: undefined, covers: true },
    { wide: [""], narrow: undefined, covers: false },
    { wide: ["a", "b*"], narrow: ["b1", "a"], covers: true },
    { wide: ["a"], narrow: ["a", "b"], covers: false },
  ])("$wide covers $narrow: $covers", ({ wide, narrow, covers }) => {
    expect(listCovers(wide, narrow)).toBe(covers);
  });
});
