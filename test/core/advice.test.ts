import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advice, adviceText, Command, stepsOf } from "../../src/core/advice.ts";

const first = new Command("aws one; aws two");
const second = new Command("aws three");

describe("advice", () => {
  it("reads as one text", () => {
    expect(adviceText(advice`In ${"a"}, do: ${first}; then do ${2}: ${second}`)).toBe(
      "In a, do: aws one; aws two; then do 2: aws three",
    );
  });

  it("reads the same where a template has no tag", () => {
    expect(`Do: ${first}`).toBe("Do: aws one; aws two");
    expect([first, second].join("; ")).toBe("aws one; aws two; aws three");
  });

  it("takes nothing else for a command", () => {
    // @ts-expect-error An object that only looks like a command would read as [object Object].
    expect(() => advice`Do: ${{ command: "aws one" }}`).toThrow();
  });

  it("has a step for each command, whatever the command contains", () => {
    expect(stepsOf(advice`In a, do: ${first}; then do: ${second}; it works.`)).toEqual([
      { text: "In a, do:", commands: [first.command] },
      { text: "Then do:", commands: [second.command] },
      { text: "It works.", commands: [] },
    ]);
  });

  it("merges advice inside advice", () => {
    const inner = advice`delete it: ${first}`;
    expect(stepsOf(advice`Otherwise, ${inner}`)).toEqual([
      { text: "Otherwise, delete it:", commands: [first.command] },
    ]);
  });

  it("gives commands without text between them to one step", () => {
    expect(stepsOf(advice`Do: ${first}; ${second}`)).toEqual([
      { text: "Do:", commands: [first.command, second.command] },
    ]);
  });

  it.each(["Renew the token.", "Run: aws s3 ls"])("has no command in a plain text: %s", (text) => {
    expect(stepsOf(text)).toEqual([{ text, commands: [] }]);
    expect(adviceText(text)).toBe(text);
  });

  it("loses no command, and keeps their order", () => {
    const part = fc.oneof(
      fc.string(),
      fc.string().map((text) => new Command(text)),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const given = parts.flatMap((one) => (typeof one === "string" ? [] : [one.command]));
        expect(stepsOf(parts).flatMap(({ commands }) => commands)).toEqual(given);
      }),
    );
  });
});
