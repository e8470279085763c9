import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesAnyName, matchesName } from "../../../src/core/wildcards.ts";
import { expressionProblem, matchesExpression } from "../../../src/policy/matching/matching.ts";

describe("matchesName", () => {
  it.each([
    { pattern: "", text: "", matches: true },
    { pattern: "", text: "a", matches: false },
    { pattern: "docker-hub", text: "docker-hub", matches: true },
    { pattern: "docker-hub", text: "docker-hub2", matches: false },
    { pattern: "docker-hub", text: "my-docker-hub", matches: false },
    { pattern: "docker-hub", text: "Docker-Hub", matches: false },
    { pattern: "*", text: "", matches: true },
    { pattern: "*", text: "a/b.c", matches: true },
    { pattern: "**", text: "a", matches: true },
    { pattern: "a*", text: "a", matches: true },
    { pattern: "*b", text: "ab", matches: true },
    { pattern: "*b", text: "abc", matches: false },
    { pattern: "a*c", text: "abcbc", matches: true },
    { pattern: "a*b*c", text: "aXbYbZc", matches: true },
    { pattern: "a*b*c", text: "aXcYb", matches: false },
    { pattern: "?", text: "", matches: false },
    { pattern: "?", text: "a", matches: true },
    { pattern: "?", text: "ab", matches: false },
    { pattern: "?", text: "😀", matches: true },
    { pattern: "a?c", text: "a/c", matches: true },
    { pattern: "*?", text: "", matches: false },
    { pattern: "*?", text: "ab", matches: true },
    { pattern: "contoso*.azurecr.io", text: "contoso-test.azurecr.io", matches: true },
    { pattern: "contoso*.azurecr.io", text: "contosoXazurecrXio", matches: false },
    { pattern: "[a-z]+", text: "abc", matches: false },
    { pattern: ".*", text: "abc", matches: false },
  ])("$pattern matches $text: $matches", ({ pattern, text, matches }) => {
    expect(matchesName(pattern, text)).toBe(matches);
  });

  const name = fc.string({ unit: fc.constantFrom("a", "b", "/", "😀"), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "/", "😀"), maxLength: 8 });

  it("says what its definition says, of any pattern and text", () => {
    fc.assert(
      fc.property(pattern, name, (wanted, text) => {
        expect(matchesName(wanted, text)).toBe(matchesByDefinition(Array.from(wanted), Array.from(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it("matches any text by itself, where that has no wildcards", () => {
    fc.assert(fc.property(name, (text) => matchesName(text, text)));
  });

  it("terminates on patterns for which backtracking would take forever", () => {
    expect(matchesName(`${"*a".repeat(60)}b`, "a".repeat(2000))).toBe(false);
  });
});

/** The meaning of a pattern, spelled out without any thought of cost. */
function matchesByDefinition([wanted, ...pattern]: readonly string[], text: readonly string[]): boolean {
  const [given, ...rest] = text;
  if (wanted === undefined) return given === undefined;
  if (wanted === "*") {
    return (
      matchesByDefinition(pattern, text) ||
      (given !== undefined && matchesByDefinition(["*", ...pattern], rest))
    );
  }
  return given !== undefined && (wanted === "?" || wanted === given) && matchesByDefinition(pattern, rest);
}

describe("matchesAnyName", () => {
  it("matches when one of the patterns does", () => {
    expect(matchesAnyName(["quay", "docker-*"], "docker-hub")).toBe(true);
    expect(matchesAnyName(["quay", "docker"], "docker-hub")).toBe(false);
    expect(matchesAnyName([], "docker-hub")).toBe(false);
  });
});

describe("matchesExpression", () => {
  it.each([
    { pattern: "[a-z]+(-[a-z]+)*", text: "docker-hub", matches: true },
    { pattern: "[a-z]+", text: "docker-hub", matches: false },
    { pattern: "docker", text: "docker-hub", matches: false },
    { pattern: "hub", text: "docker-hub", matches: false },
    { pattern: "docker|docker-hub", text: "docker-hub", matches: true },
    { pattern: "^docker-hub$", text: "docker-hub", matches: true },
    { pattern: "(?i)DOCKER-HUB", text: "docker-hub", matches: true },
    { pattern: "", text: "docker-hub", matches: false },
  ])("$pattern matches $text: $matches", ({ pattern, text, matches }) => {
    expect(matchesExpression(pattern, text)).toBe(matches);
  });

  it.each(["(a+)+$", "(a|aa)+$", "(.*a){20}$"])(
    "comes to an end on %s, which stalls other engines",
    (pattern) => {
      expect(matchesExpression(pattern, `${"a".repeat(5000)}!`)).toBe(false);
    },
  );

  it("answers the same when it is asked again", () => {
    const ask = () => ["a", "b", "a"].map((text) => matchesExpression("a+", text));
    expect([ask(), ask()]).toEqual([
      [true, false, true],
      [true, false, true],
    ]);
  });
});

describe("expressionProblem", () => {
  it.each(["[a-z]+", "", "(?i)a", "\\d{2,30}"])("finds none in %j", (pattern) => {
    expect(expressionProblem(pattern)).toBeNull();
  });

  it.each([
    { pattern: "(a", why: "a parenthesis is left open" },
    { pattern: "a**", why: "a repetition is repeated" },
    { pattern: "[z-a]", why: "a range runs backwards" },
    { pattern: "(?=a)", why: "looking ahead is not linear" },
    { pattern: "(?<!a)b", why: "looking behind is not linear" },
    { pattern: "(a)\\1", why: "a reference back is not linear" },
  ])("finds one in $pattern: $why", ({ pattern }) => {
    expect(expressionProblem(pattern)).toMatch(
      /^is not a regular expression in RE2 syntax: error parsing regexp: ./,
    );
  });
});
