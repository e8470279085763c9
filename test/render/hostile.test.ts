import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { byteLength } from "../../src/core/bytes.ts";
import { renderJson } from "../../src/formats/json.ts";
import { renderText } from "../../src/formats/text/text.ts";
import { renderEvents } from "../../src/notifiers/eventbridge/events.ts";
import { renderDigest } from "../../src/notifiers/sns/digest.ts";
import { MAIL_LINE_BYTES } from "../../src/render/escape/email.ts";
import { hostileReport } from "./hostile-report.ts";
import { hostileRows, unprintable } from "./hostile-texts.ts";

const options = { reportLocation: null };

describe.each(hostileRows)("%s", (_what, text) => {
  const report = hostileReport(text);
  const message = JSON.parse(renderDigest(report, options).message);

  test("does nothing to a terminal", () => {
    const shown = renderText(report, { color: false, width: 80 });
    expect(shown).not.toMatch(unprintable);
    expect(shown).not.toMatch(/^Compliant/m);
    expect(shown.length).toBeLessThan(60_000);
  });

  test("does nothing to a terminal in colour", () => {
    const shown = renderText(report, { color: true, width: 80 });
    expect(stripVTControlCharacters(shown)).toBe(renderText(report, { color: false, width: 80 }));
    // Only colours of our own: SGR sequences.
    const sequences = shown.split("\u001b").slice(1);
    expect(sequences).not.toEqual([]);
    for (const sequence of sequences) expect(sequence).toMatch(/^\[\d+m/);
  });

  test("does nothing in a mail", () => {
    expect(message.email).not.toMatch(unprintable);
    expect(message.email).not.toMatch(/^Compliant/m);
    for (const line of message.email.split("\n"))
      expect(byteLength(line)).toBeLessThanOrEqual(MAIL_LINE_BYTES);
  });

  test("does nothing in a subject or an SMS", () => {
    expect(renderDigest(report, options).subject).toMatch(/^[ -~]{1,99}$/);
    expect(message.sms).not.toMatch(unprintable);
    expect(byteLength(message.sms)).toBeLessThanOrEqual(140);
  });

  test("does nothing in a chat channel", () => {
    const { content, metadata } = JSON.parse(message.https);
    for (const shown of [content.title, content.description, ...content.nextSteps, ...content.keywords]) {
      const collected = shown.replaceAll(/^\*(HIGH|RESOLVED)\* /gm, "");
      expect(collected).not.toMatch(/[<>`*~]|:\/\/|\]\(|(^|\s)[@_]\w|&(?!(amp|lt|gt);)/);
      expect(collected).not.toMatch(unprintable);
    }
    expect(Object.values(metadata).flat().join("\n")).not.toMatch(unprintable);
  });

  test("is complete in the JSON report", () => {
    const json = renderJson(report);
    expect(json).not.toMatch(unprintable);
    expect(JSON.parse(json).findings[0].message).toBe(text.toWellFormed());
  });

  test("leaves events readable and small", () => {
    for (const { detail, resources } of renderEvents(report, options)) {
      expect(JSON.parse(detail).schemaVersion).toBe(1);
      expect(detail).not.toMatch(unprintable);
      expect(byteLength(detail)).toBeLessThanOrEqual(240_000);
      for (const resource of resources) expect(resource).not.toMatch(unprintable);
    }
  });

  test("leaves the digest well under 256 KiB", () => {
    expect(byteLength(renderDigest(report, options).message)).toBeLessThan(200 * 1024);
  });
});
