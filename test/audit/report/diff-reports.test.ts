import { describe, expect, it } from "vitest";
import { diffReports } from "../../../src/audit/report/diff-reports.ts";
import type { Finding } from "../../../src/schemas/finding.ts";
import type { Report, SeenAccount } from "../../../src/schemas/report.ts";
import { aFinding, aGap, aReport } from "../../support/report-builders.ts";

const known = aFinding({ transition: "unchanged" });
const waiver = { reason: "Legacy", owner: "team-a", ticket: null, expires: "2027-01-31" };

/** A report of these findings, which saw only the registry that they are in, or those given. */
function buildComparedReport(
  findings: readonly Finding[],
  regions: readonly string[] = ["eu-west-1"],
  gaps = [aGap()],
): Report {
  const { account, accountName, organizationalUnits } = known;
  const registries: readonly SeenAccount[] = [{ account, accountName, organizationalUnits, regions }];
  return aReport({ findings, registries, gaps });
}

/** The ids in each part of a comparison that is not empty. */
function partsOf(before: Report, after: Report) {
  const { opened, changed, resolved, waived, unseen, unchanged } = diffReports(before, after);
  const ids = (findings: readonly Finding[]) => findings.map(({ id }) => id);
  const parts = {
    opened: ids(opened),
    changed: ids(changed.map((one) => one.after)),
    resolved: ids(resolved),
    waived: ids(waived),
    unseen: ids(unseen),
  };
  return { ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part.length > 0)), unchanged };
}

describe("of a finding", () => {
  const before = buildComparedReport([known]);

  it.each<readonly [string, Report, object]>([
    [
      "that fails as before, only the number of unchanged findings is reported",
      buildComparedReport([known]),
      { unchanged: 1 },
    ],
    [
      "that fails with other facts, it is reported as changed",
      buildComparedReport([{ ...known, data: { failure: "expired" } }]),
      { changed: ["f-0001"], unchanged: 0 },
    ],
    [
      "that fails more severely, it is reported as changed",
      buildComparedReport([{ ...known, severity: "critical" }]),
      { changed: ["f-0001"], unchanged: 0 },
    ],
    [
      "that is only worded differently, nothing is reported",
      buildComparedReport([{ ...known, message: "Other" }]),
      { unchanged: 1 },
    ],
    ["that is gone, it is resolved", buildComparedReport([]), { resolved: ["f-0001"], unchanged: 0 }],
    [
      "that is listed as resolved, it is",
      buildComparedReport([{ ...known, transition: "resolved" }]),
      { resolved: ["f-0001"], unchanged: 0 },
    ],
    [
      "that passes, it is resolved",
      buildComparedReport([{ ...known, status: "PASS" }]),
      { resolved: ["f-0001"], unchanged: 0 },
    ],
    [
      "that is waived, it is not resolved",
      buildComparedReport([{ ...known, status: "WAIVED", waiver }]),
      { waived: ["f-0001"], unchanged: 0 },
    ],
    [
      "whose registry was not seen, it is unseen",
      buildComparedReport([], ["us-east-1"]),
      { unseen: ["f-0001"], unchanged: 0 },
    ],
    [
      "that is UNKNOWN now, it is unseen",
      buildComparedReport([{ ...known, status: "UNKNOWN" }]),
      { unseen: ["f-0001"], unchanged: 0 },
    ],
    [
      "whose check is UNKNOWN for the rule, it is unseen",
      buildComparedReport([{ ...known, id: "f-2", status: "UNKNOWN" }]),
      { unseen: ["f-0001"], unchanged: 0 },
    ],
    [
      "whose check is UNKNOWN for the registry, it is unseen",
      buildComparedReport([{ ...known, id: "f-2", status: "UNKNOWN", prefix: null }]),
      { unseen: ["f-0001"], unchanged: 0 },
    ],
    [
      "with only another check UNKNOWN, it is resolved",
      buildComparedReport([{ ...known, id: "f-2", status: "UNKNOWN", check: "other" }]),
      { resolved: ["f-0001"], unchanged: 0 },
    ],
    [
      "that is new, it is opened",
      buildComparedReport([known, aFinding({ id: "f-2" })]),
      { opened: ["f-2"], unchanged: 1 },
    ],
  ])("%s", (_what, after, expected) => {
    expect(partsOf(before, after)).toEqual(expected);
  });

  it("that came back, it is opened", () => {
    const resolved = buildComparedReport([{ ...known, transition: "resolved" }]);
    expect(partsOf(resolved, before)).toEqual({ opened: ["f-0001"], unchanged: 0 });
  });
});

describe("of registries", () => {
  it("those that only one of the audits read are reported, with why the other did not", () => {
    const gap = aGap({ account: known.account, region: "us-east-1" });
    const all = aGap({ account: known.account, region: "*", reason: "role-not-assumable" });
    const { coverage } = diffReports(
      buildComparedReport([], ["eu-west-1", "us-east-1"]),
      buildComparedReport([], ["eu-west-1", "ap-south-1"], [gap, all, aGap()]),
    );
    expect(coverage).toEqual({
      lost: [
        {
          account: known.account,
          accountName: known.accountName,
          region: "us-east-1",
          gaps: [
            { reason: gap.reason, operation: gap.operation, detail: gap.detail },
            { reason: "role-not-assumable", operation: all.operation, detail: all.detail },
          ],
        },
      ],
      gained: [{ account: known.account, accountName: known.accountName, region: "ap-south-1", gaps: [] }],
    });
  });
});

it("holds the figures of both audits, and of their coverage the counts", () => {
  const before = aReport({ auditId: "one" });
  const { schemaVersion, ...diff } = diffReports(before, aReport({ auditId: "two", findings: [known] }));
  expect(schemaVersion).toBe(1);
  expect(diff.before).toEqual({
    auditId: "one",
    startedAt: before.startedAt,
    finishedAt: before.finishedAt,
    trigger: "schedule",
    status: "compliant",
    policy: before.policy,
    narrowedTo: null,
    summary: before.summary,
    coverage: { planned: 12, audited: 12, partial: 0, unreachable: 0 },
  });
  expect(diff.after).toMatchObject({ auditId: "two", status: "non-compliant" });
});
