import { describe, expect, it } from "vitest";
import { sentenceOf } from "../../../src/checks/cached-repositories/sample.ts";

const sample = { failing: 2, lookedAt: 3, existing: 3, excluded: 0, names: [] };

describe("a sentence about repositories", () => {
  it.each([
    [["are", "not encrypted as required"], "are not encrypted as required", "is not encrypted as required"],
    [
      ["were", "not pulled from for 90 days"],
      "were not pulled from for 90 days",
      "was not pulled from for 90 days",
    ],
    [["have", "no lifecycle policy"], "have no lifecycle policy", "has no lifecycle policy"],
    [["lack", "what we have"], "lack what we have", "lacks what we have"],
    [["lie", "under a template"], "lie under a template", "lies under a template"],
  ] as const)("has its verb in the number of the repositories: %j", (predicate, many, one) => {
    expect(sentenceOf(sample, "quay", predicate)).toBe(`2 of 3 repositories under quay ${many}`);
    expect(sentenceOf({ ...sample, failing: 1 }, "quay", predicate)).toBe(
      `1 of 3 repositories under quay ${one}`,
    );
  });

  it("says how many were read, if not all were", () => {
    expect(sentenceOf({ ...sample, existing: 9 }, "quay", ["have", "no lifecycle policy"])).toBe(
      "2 of 3 repositories that were read (of 9) under quay have no lifecycle policy",
    );
  });
});
