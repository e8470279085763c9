import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteLength } from "../../../src/core/bytes.ts";
import { MAIL_LINE_BYTES, mailText } from "../../../src/render/escape/email.ts";

describe("mailText", () => {
  test("leaves lines within the limit unchanged", () => {
    const text = `short\n\n${"x".repeat(MAIL_LINE_BYTES)}\n`;
    expect(mailText(text)).toBe(text);
  });

  test("breaks a line that is longer, between characters", () => {
    expect(mailText("ééé\nab", 4)).toBe("éé\né\nab");
  });

  test("keeps the limit in bytes and loses nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 4, max: 30 }), (text, bytes) => {
        const mail = mailText(text, bytes);
        for (const line of mail.split("\n")) expect(byteLength(line)).toBeLessThanOrEqual(bytes);
        expect(mail.replaceAll("\n", "")).toBe(text.replaceAll("\n", ""));
      }),
    );
  });

  test("does not split a character that is larger than the limit", () => {
    expect(mailText("😀", 3)).toBe("😀");
  });
});
