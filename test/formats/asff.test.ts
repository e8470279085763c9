import { describe, expect, test } from "vitest";
import { renderAsff, renderAsffFile } from "../../src/formats/asff/asff.ts";
import { severities } from "../../src/schemas/finding.ts";
import type { Report } from "../../src/schemas/report.ts";
import { aFinding, aReport } from "../support/report-builders.ts";

const hub = { hubAccount: "999900001111", hubRegion: "us-east-1" };

/** The one finding that a report with `finding` alone renders to. */
function asff(finding: Parameters<typeof aFinding>[0] = {}, report: Partial<Report> = {}) {
  const [rendered, ...others] = renderAsff(aReport({ findings: [aFinding(finding)], ...report }), hub);
  if (rendered === undefined) throw new Error("nothing was rendered");
  expect(others).toEqual([]);
  return rendered;
}

const waiver = { reason: "moves in March", owner: "team-a", ticket: "SEC-12", expires: "2027-03-31" };

describe("renderAsff", () => {
  test("contains every supported field of a finding", () => {
    expect(asff()).toEqual({
      SchemaVersion: "2018-10-08",
      Id: "pull-through-auditor/f-0001",
      ProductArn: "arn:aws:securityhub:us-east-1:999900001111:product/999900001111/default",
      ProductName: "pull-through-auditor",
      GeneratorId: "pull-through-auditor/rule-validation",
      AwsAccountId: "999900001111",
      CreatedAt: "2026-11-20T02:00:00.000Z",
      UpdatedAt: "2026-11-20T02:03:12.000Z",
      FirstObservedAt: "2026-11-20T02:00:00.000Z",
      LastObservedAt: "2026-11-20T02:00:00.000Z",
      FindingProviderFields: {
        Severity: { Label: "HIGH", Original: "high" },
        Types: ["Software and Configuration Checks/AWS Security Best Practices"],
      },
      Title: "ECR cannot reach the upstream",
      Description: "ECR says of this rule: The credentials were refused by the upstream registry.",
      Remediation: {
        Recommendation: {
          Text: "Renew the access token, put it into the rule's secret, and validate the rule again. Until then ECR serves only what it has cached.",
        },
      },
      Resources: [
        {
          Type: "Other",
          Id: "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*",
          Partition: "aws",
          Region: "eu-west-1",
          Details: {
            Other: {
              account: "111122223333",
              accountName: "payments-prod",
              region: "eu-west-1",
              prefix: "docker-hub",
            },
          },
        },
      ],
      ProductFields: {
        account: "111122223333",
        accountName: "payments-prod",
        region: "eu-west-1",
        prefix: "docker-hub",
        check: "rule-validation",
        kind: "validation-failed",
        docs: "docs/checks/rule-validation.md",
        stale: "false",
      },
      Compliance: { Status: "FAILED" },
      RecordState: "ACTIVE",
    });
  });

  test.each(severities)("labels the severity %s", (severity) => {
    expect(asff({ severity }).FindingProviderFields.Severity).toEqual({
      Label: severity.toUpperCase(),
      Original: severity,
    });
  });

  test("omits fields that a finding does not have", () => {
    const { Resources, ProductFields } = asff({ prefix: null, accountName: null });
    const [{ Id, Details }] = Resources;
    expect(Id).toBe("arn:aws:ecr:eu-west-1:111122223333:repository/*");
    expect(Details.Other).toEqual({ account: "111122223333", region: "eu-west-1" });
    expect(Object.keys(ProductFields)).toEqual(["account", "region", "check", "kind", "docs", "stale"]);
  });

  test.each([
    ["us-gov-west-1", "aws-us-gov", "aws-us-gov"],
    ["cn-north-1", "aws-cn", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc", undefined],
  ])("names the partition of %s if ASFF supports it", (region, partition, known) => {
    const report = aReport({ findings: [aFinding({ region })] });
    const [{ ProductArn, Resources } = asff()] = renderAsff(report, { ...hub, hubRegion: region });
    expect(ProductArn).toMatch(`arn:${partition}:securityhub:${region}:`);
    expect(Resources[0].Id).toMatch(`arn:${partition}:ecr:${region}:`);
    expect(Resources[0].Partition).toBe(known);
    expect(Object.keys(Resources[0]).includes("Partition")).toBe(known !== undefined);
  });

  test("keeps the id and first day of a finding across audits, and updates its last update", () => {
    const firstSeenAt = "2026-10-01T02:00:00.000Z";
    const lastSeenAt = "2026-11-21T02:00:00.000Z";
    const again = asff(
      { transition: "unchanged", firstSeenAt, lastSeenAt, severity: "low", title: "Other words" },
      { auditId: "another", finishedAt: "2026-11-21T02:02:00.000Z" },
    );
    expect(again).toMatchObject({
      Id: asff().Id,
      CreatedAt: firstSeenAt,
      FirstObservedAt: firstSeenAt,
      LastObservedAt: lastSeenAt,
      UpdatedAt: "2026-11-21T02:02:00.000Z",
    });
  });

  test("omits the fields that belong to the users of Security Hub", () => {
    const findings = [
      aFinding(),
      aFinding({ id: "f-2", status: "WAIVED", transition: null, waiver }),
      aFinding({ id: "f-3", status: "PASS", transition: "resolved" }),
    ];
    const rendered = renderAsff(aReport({ findings }), hub);
    const theirs = ["Workflow", "Note", "UserDefinedFields", "VerificationState", "Severity", "Types"];
    expect(rendered).toHaveLength(3);
    expect(rendered.flatMap(Object.keys).filter((key) => theirs.includes(key))).toEqual([]);
  });
});

describe("the state of a record", () => {
  test.each(["opened", "changed", "unchanged", "reminded"] as const)("is active when %s", (transition) => {
    expect(asff({ transition })).toMatchObject({ RecordState: "ACTIVE", Compliance: { Status: "FAILED" } });
  });

  test("is active for a stale failure in a registry that cannot be read now", () => {
    expect(asff({ transition: "unchanged", stale: true })).toMatchObject({
      RecordState: "ACTIVE",
      Compliance: { Status: "FAILED" },
      ProductFields: { stale: "true" },
    });
  });

  test.each([null, "resolved"] as const)(
    "is archived for a waived finding whose transition is %s, and says why",
    (transition) => {
      expect(asff({ status: "WAIVED", transition, waiver })).toMatchObject({
        RecordState: "ARCHIVED",
        Compliance: { Status: "FAILED" },
        ProductFields: {
          waiverReason: "moves in March",
          waiverOwner: "team-a",
          waiverTicket: "SEC-12",
          waiverExpires: "2027-03-31",
        },
      });
    },
  );

  test.each([
    ["PASS", "PASSED"],
    ["NOT_APPLICABLE", "NOT_AVAILABLE"],
  ] as const)("is archived for a finding that is resolved by %s", (status, compliance) => {
    expect(asff({ status, transition: "resolved" })).toMatchObject({
      RecordState: "ARCHIVED",
      Compliance: { Status: compliance },
    });
  });

  test.each(["PASS", "NOT_APPLICABLE"] as const)(
    "is archived for a finding that closed with %s without an alert",
    (status) => {
      const lastSeenAt = "2026-11-22T02:00:00.000Z";
      expect(asff({ status, transition: null, lastSeenAt })).toMatchObject({ RecordState: "ARCHIVED" });
    },
  );
});

describe("Security Hub", () => {
  test.each(["PASS", "NOT_APPLICABLE", "UNKNOWN"] as const)(
    "does not get findings with the status %s",
    (status) => {
      const finding = aFinding({ status, transition: null });
      expect(renderAsff(aReport({ findings: [finding] }), hub)).toEqual([]);
    },
  );

  test("does not get an unknown finding, even if it was seen before", () => {
    const lastSeenAt = "2026-11-22T02:00:00.000Z";
    const finding = aFinding({ status: "UNKNOWN", transition: null, lastSeenAt });
    expect(renderAsff(aReport({ findings: [finding] }), hub)).toEqual([]);
  });

  test.each([
    ["failed and is over", "ARCHIVED", { transition: "resolved", lastSeenAt: "2026-11-21T02:00:00.000Z" }],
    ["was over and fails again", "ACTIVE", { transition: "opened", lastSeenAt: "2026-11-22T02:00:00.000Z" }],
  ] as const)("gets a finding that %s once, in any order", (_what, RecordState, now) => {
    const earlier = aFinding({
      transition: now.transition === "resolved" ? "opened" : "resolved",
      lastSeenAt: "2026-11-20T02:00:00.000Z",
    });
    for (const findings of [
      [earlier, aFinding(now)],
      [aFinding(now), earlier],
    ]) {
      expect(renderAsff(aReport({ findings }), hub)).toMatchObject([{ RecordState }]);
    }
  });

  test("gets the closing of a finding that was not seen again and has no later day", () => {
    const findings = [
      aFinding({ transition: "opened" }),
      aFinding({ status: "PASS", transition: "resolved" }),
    ];
    for (const order of [findings, findings.toReversed()]) {
      expect(renderAsff(aReport({ findings: order }), hub)).toMatchObject([{ RecordState: "ARCHIVED" }]);
    }
  });
});

test("renderAsffFile is a list of the same findings as JSON, which ends with a line break", () => {
  const report = aReport({ findings: [aFinding(), aFinding({ id: "f-2", message: "\u001b[2J" })] });
  const file = renderAsffFile(report, hub);
  expect(file).toMatch(/^\[\n {2}\{\n.*\}\n\]\n$/s);
  expect(JSON.parse(file)).toEqual(renderAsff(report, hub));
});
