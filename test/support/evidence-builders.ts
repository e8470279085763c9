import type { Evidence } from "../../src/schemas/evidence.ts";
import { aFinding } from "./report-builders.ts";

type PeriodFinding = Evidence["findings"][number];

/** A finding that was resolved within the period, with `overrides`. */
export function aPeriodFinding(overrides: Partial<PeriodFinding> = {}): PeriodFinding {
  const { id, check, severity, account, region, prefix, title, owner, cause, changedBy, requirements } =
    aFinding();
  return {
    ...{ id, check, severity, account, region, prefix, title, owner, cause, changedBy, requirements },
    opened: "2026-10-02T02:00:00.000Z",
    resolved: "2026-10-05T02:00:00.000Z",
    end: "resolved",
    daysOpen: 3,
    stale: false,
    ...overrides,
  };
}

/** A nightly audit of the period, with `overrides`. */
export function anAudit(overrides: Partial<Evidence["audits"][number]> = {}): Evidence["audits"][number] {
  return {
    auditId: "20261001T020000Z-7f3a0001",
    startedAt: "2026-10-01T02:00:00.000Z",
    trigger: "schedule",
    status: "non-compliant",
    scope: "whole",
    narrowedTo: null,
    planned: 12,
    audited: 12,
    partial: 0,
    unreachable: 0,
    excluded: 0,
    gaps: [],
    excludedBy: [],
    policyDigest: "sha256:0",
    sha256: "0".repeat(64),
    ...overrides,
  };
}

/** The evidence of a period with one finding, with `overrides`. */
export function anEvidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    schemaVersion: 1,
    store: "s3://audits/nightly",
    from: "2026-10-01",
    to: "2026-10-31",
    nights: { days: 31, audited: 30, missing: ["2026-10-08"] },
    audits: [],
    unread: [],
    policies: [],
    findings: [aPeriodFinding()],
    resolution: [{ severity: "high", resolved: 1, open: 0, waived: 0, medianDays: 3, worstDays: 3 }],
    requirements: [],
    waivers: [],
    deliveries: [],
    verification: {
      store: "s3://audits/nightly",
      reports: 30,
      chained: 30,
      begins: "2026-10-01",
      ends: "2026-10-31",
      problems: [],
      brokenFrom: null,
      beforeChain: [],
      unnamed: [],
      cutOff: [],
    },
    limits: ["A violation that began and ended between two audits is not seen by either."],
    ...overrides,
  };
}
