import { describe, expect, it, test } from "vitest";
import { historyJson, historyText } from "../../src/formats/history.ts";
import { auditRecordSchema } from "../../src/schemas/history.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { aRecord } from "../support/state-builders.ts";

const plain = { color: false, width: 80 };
const { summary } = aReport({
  findings: [
    aFinding(),
    aFinding({ id: "f-2", severity: "low", transition: "changed" }),
    aFinding({ id: "f-3", transition: "resolved" }),
  ],
});
const bad = aRecord({
  auditId: "20261121T020000Z-7f3a0002",
  status: "non-compliant",
  summary,
  coverage: { planned: 1_200, audited: 1_100, partial: 60, unreachable: 40 },
});

describe("stored audits", () => {
  it("are one line each, in the given order", () => {
    expect(historyText([bad, aRecord()], { color: false, width: 100 })).toBe(
      [
        "AUDIT                      STATUS         COVERED         FAILING    CHANGES",
        "20261121T020000Z-7f3a0002  non-compliant  1,100 of 1,200  2, 1 high  1 new, 1 changed, 1 resolved",
        "20261120T020000Z-7f3a0001  compliant      12 of 12        none",
        "",
      ].join("\n"),
    );
  });

  it("are marked if they cover only part of the scope", () => {
    const text = historyText([aRecord({ wholeScope: false })], plain);
    expect(text).toContain("20261120T020000Z-7f3a0001*  compliant");
    expect(text).toMatch(/\n\n\* only part of the scope\n$/);
  });

  it("are one paragraph each on a narrow page", () => {
    const text = historyText([bad], { color: false, width: 40 });
    expect(text.split("\n")[0]).toBe("20261121T020000Z-7f3a0002");
    expect(text).toContain("  FAILING  2, 1 high\n");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
  });

  it("are reported as missing", () => {
    expect(historyText([], plain)).toBe("No audits are stored here.\n");
    expect(historyJson([])).toBe("[]\n");
  });

  it("are complete in JSON", () => {
    expect(JSON.parse(historyJson([bad])).map((one: unknown) => auditRecordSchema.parse(one))).toEqual([bad]);
  });
});

test.each(hostileRows)("%s does nothing", (_what, text) => {
  const shown = historyText([aRecord({ auditId: text, location: text })], plain);
  expect(shown).not.toMatch(unprintable);
  expect(shown.length).toBeLessThan(2_000);
  expect(historyJson([aRecord({ auditId: text })])).not.toMatch(unprintable);
});
