import { expect, it } from "vitest";
import { memoize } from "../../src/core/memoize.ts";

it("computes the result for each key once", () => {
  const asked: string[] = [];
  const answerTo = memoize(new Map<string, { readonly key: string }>(), (key) => {
    asked.push(key);
    return { key };
  });
  expect(answerTo("a")).toEqual({ key: "a" });
  expect(answerTo("b")).toEqual({ key: "b" });
  expect(answerTo("a")).toBe(answerTo("a"));
  expect(asked).toEqual(["a", "b"]);
});
