import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askOn } from "../../src/cli/ask.ts";

async function answerTo(keys: string | null): Promise<string | null> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = askOn(input, output, "Apply this plan? ");
  if (keys === null) input.end();
  else input.write(keys);
  const result = await answer;
  expect(String(output.read())).toContain("Apply this plan? ");
  return result;
}

describe("a question on a terminal", () => {
  it.each([
    { keys: "yes\r", expected: "yes" },
    { keys: "\r", expected: "" },
    { keys: "ye\u0003", expected: null },
    { keys: "\u0004", expected: null },
    { keys: null, expected: null },
  ])("returns $expected for $keys", async ({ keys, expected }) => {
    expect(await answerTo(keys)).toBe(expected);
  });
});
