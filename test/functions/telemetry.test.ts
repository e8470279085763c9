import { describe, expect, it } from "vitest";
import { metrics, recordAudit, recordDeliveryFailure } from "../../functions/shared/telemetry.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";
import { captureStdout, metricsIn } from "./stdout.ts";

function recorded(record: () => void) {
  const stdout = captureStdout();
  record();
  metrics.publishStoredMetrics();
  return metricsIn(stdout.lines());
}

describe("an audit", () => {
  it("is recorded in CloudWatch's embedded metric format", () => {
    const findings = [
      aFinding({ id: "f-1", severity: "critical" }),
      aFinding({ id: "f-2", severity: "high" }),
      aFinding({ id: "f-3", severity: "high" }),
      aFinding({ id: "f-4", severity: "low" }),
    ];
    const gaps = [
      aGap(),
      aGap({ region: "eu-west-1", state: "partial", reason: "throttled" }),
      aGap({ region: "eu-west-1", state: "partial", reason: "throttled", prefixes: ["quay"] }),
      aGap({ region: "eu-north-1" }),
    ];
    const [line, ...others] = recorded(() => recordAudit(aReport({ findings, gaps })));
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      service: "pull-through-auditor",
      trigger: "schedule",
      AuditsCompleted: 1,
      AuditDuration: 192_000,
      Rules: 36,
      FailingCritical: 1,
      FailingHigh: 2,
      FailingMedium: 0,
      FailingLow: 1,
      FailingInformational: 0,
      RegistriesPlanned: 15,
      RegistriesUnseen: 3,
      RegistriesThrottled: 1,
      Coverage: 80,
    });
    expect(line?.["_aws"]).toMatchObject({
      CloudWatchMetrics: [
        {
          Namespace: "PullThroughAuditor",
          Dimensions: [["service"], ["service", "trigger"]],
          Metrics: expect.arrayContaining([
            { Name: "AuditDuration", Unit: "Milliseconds" },
            { Name: "Coverage", Unit: "Percent" },
            { Name: "FailingHigh", Unit: "Count" },
          ]),
        },
      ],
    });
  });

  it("counts what changed", () => {
    const { summary } = aReport();
    const transitions = { opened: 3, changed: 1, resolved: 2, reminded: 4 };
    const drift = [aDrift(), aDrift({ prefix: "quay" })];
    const [line] = recorded(() => recordAudit(aReport({ summary: { ...summary, transitions }, drift })));
    expect(line).toMatchObject({ FindingsOpened: 3, FindingsResolved: 2, RulesChanged: 2 });
  });

  it("of nothing has seen nothing", () => {
    const { coverage } = aReport();
    const [line] = recorded(() =>
      recordAudit(aReport({ coverage: { ...coverage, planned: 0, audited: 0 } })),
    );
    expect(line).toMatchObject({ RegistriesPlanned: 0, RegistriesUnseen: 0, Coverage: 0 });
  });
});

describe("a delivery that failed", () => {
  it("is recorded", () => {
    expect(recorded(() => recordDeliveryFailure({ topicsUnheard: 2 }))).toMatchObject([
      { DeliveryFailures: 1, TopicsUnheard: 2 },
    ]);
  });
});
