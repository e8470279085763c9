import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonPositions } from "../../src/core/json-positions.ts";

it("finds members at their keys and elements at their values", () => {
  const text = '{\n  "a": [1, {"b": "}]"},\n    "x"],\r\n "c": null, "a b": -1e5 }';
  expect(Object.fromEntries(jsonPositions(text))).toEqual({
    $: { line: 1, column: 1 },
    "$.a": { line: 2, column: 3 },
    "$.a[0]": { line: 2, column: 9 },
    "$.a[1]": { line: 2, column: 12 },
    "$.a[1].b": { line: 2, column: 13 },
    "$.a[2]": { line: 3, column: 5 },
    "$.c": { line: 4, column: 2 },
    '$["a b"]': { line: 4, column: 13 },
  });
});

function countIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return 1 + Object.values(value).reduce((sum: number, part) => sum + countIn(part), 0);
}

it("finds everything in any JSON, however it is indented", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom("", " ", "\t"), (value, indent) => {
      expect(jsonPositions(JSON.stringify(value, null, indent)).size).toBe(countIn(value));
    }),
    { numRuns: 200 },
  );
});
