import { describe, expect, it } from "vitest";
import { type Case, type Expected, refuse, type Table, tableProblems } from "./check-table.ts";

type NumberedCase = Case & { readonly input: number };

const bad = { kind: "bad", prefix: "docker", data: {} };
const full: Table<NumberedCase, Expected> = {
  text: { kinds: { bad: {} } },
  passes: [{ name: "passes", input: 1 }],
  fails: [{ name: "fails", input: 2, says: [bad] }],
  unknownCases: { never: "it reads rules alone" },
  doesNotApply: [{ name: "no rules", input: 3, says: "nothing" }],
};

describe("a table", () => {
  it("is accepted when it is full", () => {
    expect(tableProblems(full)).toEqual([]);
  });

  const cases = [
    { hole: "a group is empty", table: { ...full, passes: [] }, problem: "lacks the group passes" },
    {
      hole: "a group is left out without a reason",
      table: { ...full, unknownCases: { never: " " } },
      problem: "lacks the group unknownCases",
    },
    {
      hole: "two cases have one name",
      table: { ...full, passes: [{ name: "fails", input: 1 }] },
      problem: "has two cases called fails",
    },
    {
      hole: "two cases are one",
      table: { ...full, passes: [{ name: "passes", input: 2 }] },
      problem: 'has two cases with the same input: {"input":2}',
    },
    {
      hole: "a kind is not tried",
      table: { ...full, text: { kinds: { bad: {}, worse: {} } } },
      problem: "has no case of the kind worse",
    },
  ];
  it.each(cases)("is refused when $hole", ({ table, problem }) => {
    expect(tableProblems(table)).toEqual([problem]);
  });
});

describe("refuse", () => {
  it("names every problem at once", () => {
    expect(() => refuse("root-prefix", ["lacks this", "has that"])).toThrow(
      "The table of root-prefix:\n  lacks this\n  has that",
    );
  });

  it("lets a full table pass", () => {
    expect(() => refuse("root-prefix", [])).not.toThrow();
  });
});
