import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closest, didYouMean } from "../../src/core/closest.ts";

describe("closest", () => {
  it.each([
    ["acounts", ["accounts", "regions"], "accounts"],
    ["Docker-Hub", ["docker-hub"], "docker-hub"],
    ["dokcer-hub", ["docker-hub", "github"], "docker-hub"],
    ["eu-wset-1", ["eu-west-1", "eu-west-2"], "eu-west-1"],
    ["regions", ["accounts"], null],
    ["a", ["b", "cc"], "b"],
    ["", ["version"], null],
    ["x".repeat(1_000_000), ["version"], null],
  ])("%.20s among %j is %j", (word, known, expected) => {
    expect(closest(word, known)).toBe(expected);
  });

  it("finds any word with one letter changed, dropped, added or swapped", () => {
    const known = ["allowedUpstreams", "requiredRules", "notifications"];
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(), fc.nat(3), (word, seed, how) => {
        const at = seed % (word.length - 1);
        const [before, after] = [word.slice(0, at), word.slice(at)];
        const slips = [
          `${before}${after.slice(1)}`,
          `${before}q${after}`,
          `${before}q${after.slice(1)}`,
          `${before}${after[1]}${after[0]}${after.slice(2)}`,
        ];
        expect(closest(slips[how] ?? "", known)).toBe(word);
      }),
    );
  });
});

it("didYouMean ends a sentence, or says nothing", () => {
  expect(didYouMean("acounts", ["accounts"])).toBe('; did you mean "accounts"?');
  expect(didYouMean("nonsense", ["accounts"])).toBe("");
});
