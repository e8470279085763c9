import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/core/json-file.ts";

describe("parseJson", () => {
  it.each([
    { what: "a text may begin with a byte order mark", text: '\uFEFF{"a":1}', value: { a: 1 } },
    { what: "one within a text belongs to it", text: '["a\uFEFFb"]', value: ["a\uFEFFb"] },
  ])("$what", ({ text, value }) => {
    expect(parseJson(text, "policy.json")).toEqual(value);
  });

  it("names the origin of a text that is not JSON", () => {
    expect(() => parseJson("{", "policy.json")).toThrow(/^policy\.json: 1 problem\n {2}\$ is not JSON: /);
  });
});
