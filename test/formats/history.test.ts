import { describe, expect, it, test } from "vitest";
import { historyJson, historyText } from "../../src/formats/history.ts";
import { auditRecordSchema } from "../../src/schemas/history.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { aRecord } from "../support/state-builders.ts";

const noCauses = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };
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
  trend: {
    causes: { critical: 0, high: 1, medium: 0, low: 1, informational: 0 },
    resolved: 2,
    medianDays: 5.5,
    worstDays: 10,
  },
  coverage: { planned: 1_200, audited: 1_100, partial: 60, unreachable: 40 },
});

describe("stored audits", () => {
  it("are one line each, in the given order, on a page that is wide enough", () => {
    expect(historyText([bad, aRecord()], { color: false, width: 120 })).toBe(
      [
        "AUDIT                      STATUS         COVERED         FAILING    CAUSES  DAYS    CHANGES",
        "20261121T020000Z-7f3a0002  non-compliant  1,100 of 1,200  2, 1 high  1H 1L   5.5/10  1 new, 1 changed, 1 resolved",
        "20261120T020000Z-7f3a0001  compliant      12 of 12        none",
        "",
        "Causes by severity: C critical, H high, M medium, L low, I informational. Days to resolve what the audit reported as",
        "resolved: median/worst.",
        "",
      ].join("\n"),
    );
  });

  it("have days to resolve once if all took as long", () => {
    const trend = { causes: noCauses, resolved: 1, medianDays: 3, worstDays: 3 };
    expect(historyText([aRecord({ trend })], plain)).toMatch(/none +3\n\nCauses by/);
  });

  it("do not have what older versions did not record", () => {
    const old = { ...bad, trend: null };
    expect(historyText([old], { color: false, width: 120 })).toContain("2, 1 high  2       not known ");
    const older = { ...old, summary: { ...summary, causes: 0 } };
    expect(historyText([older], { color: false, width: 130 })).toContain("2, 1 high  not known  not known ");
  });

  it("are marked if they cover only part of the scope", () => {
    const text = historyText([aRecord({ wholeScope: false })], plain);
    expect(text).toContain("20261120T020000Z-7f3a0001*  compliant");
    expect(text).toMatch(/\n\n\* only part of the scope\n$/);
  });

  it("are one paragraph each on a narrow page", () => {
    const text = historyText([bad], { color: false, width: 40 });
    expect(text.split("\n")[0]).toBe("20261121T020000Z-7f3a0002");
    expect(text).toContain("  FAILING  2, 1 high\n  CAUSES   1H 1L\n  DAYS     5.5/10\n");
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
