import { describe, expect, it } from "vitest";
import { compareValues } from "../../src/core/order.ts";

describe("compareValues", () => {
  it("orders by code units, not by a locale", () => {
    expect(["b", "ä", "B", "a", "", "a1", "a10", "a2"].toSorted(compareValues)).toEqual([
      "",
      "B",
      "a",
      "a1",
      "a10",
      "a2",
      "b",
      "ä",
    ]);
  });

  it("orders numbers by their size", () => {
    const times = [Number.POSITIVE_INFINITY, 10, 9, Number.POSITIVE_INFINITY, -1];
    expect(times.toSorted(compareValues)).toEqual([
      -1,
      9,
      10,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});
