import { describe, expect, it } from "vitest";
import { isColored, type TextStream, widthOf } from "../../src/cli/terminal.ts";

function aStream(parts: Omit<TextStream, "write"> = {}) {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text), ...parts };
}

describe("isColored", () => {
  it.each([
    ["a terminal", { isTTY: true }, {}, true, true],
    ["a terminal with an empty NO_COLOR", { isTTY: true }, { NO_COLOR: "" }, true, true],
    ["a terminal with NO_COLOR", { isTTY: true }, { NO_COLOR: "0" }, true, false],
    ["a dumb terminal", { isTTY: true }, { TERM: "dumb" }, true, false],
    ["a capable terminal", { isTTY: true }, { TERM: "xterm-256color" }, true, true],
    ["a terminal whose user wants none", { isTTY: true }, {}, false, false],
    ["a file", {}, {}, true, false],
    ["a pipe with FORCE_COLOR", { isTTY: false }, { FORCE_COLOR: "1" }, true, true],
    ["a pipe with FORCE_COLOR that declines", { isTTY: false }, { FORCE_COLOR: "0" }, true, false],
    ["a terminal with FORCE_COLOR that declines", { isTTY: true }, { FORCE_COLOR: "0" }, true, false],
    [
      "a pipe with FORCE_COLOR and NO_COLOR",
      { isTTY: false },
      { FORCE_COLOR: "1", NO_COLOR: "1" },
      true,
      false,
    ],
    ["a pipe with FORCE_COLOR whose user wants none", { isTTY: false }, { FORCE_COLOR: "1" }, false, false],
    ["a dumb terminal with FORCE_COLOR", { isTTY: true }, { FORCE_COLOR: "1", TERM: "dumb" }, true, true],
  ])("%s", (_what, parts, environment, wanted, colored) => {
    const stream = aStream(parts);
    expect(isColored(stream, { output: stream, errors: aStream(), environment }, wanted)).toBe(colored);
  });

  it("looks at the stream asked about, whatever the other one is", () => {
    const [output, errors] = [aStream(), aStream({ isTTY: true })];
    expect(isColored(output, { output, errors, environment: {} }, true)).toBe(false);
    expect(isColored(errors, { output, errors, environment: {} }, true)).toBe(true);
  });
});

it.each([
  [{ columns: 132 }, 132],
  [{}, 80],
])("widthOf(%j) is %i", (parts, width) => {
  expect(widthOf(aStream(parts))).toBe(width);
});
