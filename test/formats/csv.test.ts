import { parse } from "csv-parse/sync";
import { describe, expect, it, test } from "vitest";
import { renderCsv } from "../../src/formats/csv.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aReport } from "../support/report-builders.ts";

const waiver = { reason: "Legacy", owner: "team-a", ticket: "SEC-12", expires: "2027-01-31" };

function rowsOf(...findings: readonly Partial<Finding>[]) {
  const csv = renderCsv(aReport({ findings: findings.map(aFinding) }));
  return parse<Record<string, string>>(csv, { columns: true });
}

describe("renderCsv", () => {
  it("has a row for each finding, under the documented columns", () => {
    const owner = { name: "team-payments", contact: "payments@example.com" };
    const cause = { id: "c-0001", kind: "secret", subject: "arn:aws:secretsmanager:…" } as const;
    const described = { owner, cause, openDays: 21 };
    const [row, ...others] = rowsOf({ waiver, status: "WAIVED", transition: null, ...described });
    expect(others).toEqual([]);
    expect(row).toEqual({
      id: "f-0001",
      check: "rule-validation",
      status: "WAIVED",
      severity: "high",
      account: "111122223333",
      accountName: "payments-prod",
      organizationalUnits: "ou-ab12-34567890",
      region: "eu-west-1",
      prefix: "docker-hub",
      kind: "validation-failed",
      title: "ECR cannot reach the upstream",
      message: expect.stringMatching(/^ECR says/),
      remediation: expect.stringMatching(/^Renew/),
      docs: "docs/checks/rule-validation.md",
      firstSeenAt: "2026-11-20T02:00:00.000Z",
      lastSeenAt: "2026-11-20T02:00:00.000Z",
      transition: "",
      stale: "false",
      waiverReason: "Legacy",
      waiverOwner: "team-a",
      waiverTicket: "SEC-12",
      waiverExpires: "2027-01-31",
      owner: "team-payments",
      ownerContact: "payments@example.com",
      causeId: "c-0001",
      causeKind: "secret",
      cause: "arn:aws:secretsmanager:…",
      openDays: "21",
      changedBy: "",
    });
  });

  it("leaves missing values empty", () => {
    expect(rowsOf({ prefix: null, accountName: null })).toMatchObject([
      { prefix: "", accountName: "", waiverReason: "", waiverTicket: "" },
    ]);
  });

  it("quotes cells and ends lines as RFC 4180 requires", () => {
    const csv = renderCsv(aReport({ findings: [aFinding({ title: 'a, "b"' })] }));
    expect(csv).toContain(',"a, ""b""",');
    expect(csv.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(csv.split("\r\n")).toHaveLength(3);
  });

  it("is only a header if there are no findings", () => {
    expect(renderCsv(aReport())).toMatch(/^id,check,[\w,]+\r\n$/);
  });

  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
  ])("prevents a spreadsheet from evaluating %j", (formula) => {
    const [row] = rowsOf({ prefix: formula, message: formula });
    expect(row?.["prefix"]).toBe(`'${formula.trim()}`);
    expect(row?.["message"]).toBe(`'${formula.trim()}`);
  });
});

test.each(hostileRows)("%s stays text in its cell", (_what, text) => {
  const csv = renderCsv(hostileReport(text));
  const cells = parse<Record<string, string>>(csv, { columns: true }).flatMap((row) => Object.values(row));
  expect(cells).toHaveLength(5 * 29);
  for (const cell of cells) {
    expect(cell).not.toMatch(/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
    expect(cell).not.toMatch(unprintable);
    expect(cell.length).toBeLessThan(32_767);
  }
});
