import { checks } from "../../checks/index.ts";
import { ALL_REGIONS, registryKey } from "../../ecr/registry.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import {
  type ChangedFinding,
  DIFF_SCHEMA_VERSION,
  type DiffSide,
  type ReportDiff,
  type SeenChange,
} from "../../schemas/report-diff.ts";
import { changeFingerprintOf } from "../compare/change-fingerprint.ts";
import { isWholeScope, prefixFilter } from "../plan/request.ts";

/**
 * Compares two audits by their reports. Pure. A finding that the later audit did not cover, or could not evaluate, is
 * unseen and not resolved.
 */
export function diffReports(before: Report, after: Report): ReportDiff {
  const failedBefore = failingIn(before);
  const failsNow = failingIn(after);
  const gone = [...failedBefore.values()].filter(({ id }) => !failsNow.has(id));
  const fates = Map.groupBy(gone, fateIn(after));
  const both = [...failsNow.values()].flatMap((finding): ChangedFinding[] => {
    const earlier = failedBefore.get(finding.id);
    return earlier === undefined ? [] : [{ before: earlier, after: finding }];
  });
  const changed = both.filter(isChanged);
  return {
    schemaVersion: DIFF_SCHEMA_VERSION,
    before: sideOf(before),
    after: sideOf(after),
    opened: [...failsNow.values()].filter(({ id }) => !failedBefore.has(id)),
    changed,
    waived: fates.get("waived") ?? [],
    resolved: fates.get("resolved") ?? [],
    unseen: fates.get("unseen") ?? [],
    unchanged: both.length - changed.length,
    coverage: { lost: onlySeenIn(before, after), gained: onlySeenIn(after, before) },
  };
}

function sideOf(report: Report): DiffSide {
  const { auditId, startedAt, finishedAt, trigger, status, policy, narrowedTo, summary } = report;
  const { planned, audited, partial, unreachable } = report.coverage;
  const coverage = { planned, audited, partial, unreachable };
  return { auditId, startedAt, finishedAt, trigger, status, policy, narrowedTo, summary, coverage };
}

function failingIn({ findings }: Report): ReadonlyMap<string, Finding> {
  return new Map(findings.filter(isFailing).map((finding) => [finding.id, finding]));
}

function isFailing({ status, transition }: Finding): boolean {
  return status === "FAIL" && transition !== "resolved";
}

function isChanged({ before, after }: ChangedFinding): boolean {
  return changeFingerprintOf(before) !== changeFingerprintOf(after);
}

/** The fate of a finding that failed before and does not fail after. */
function fateIn(after: Report): (finding: Finding) => "waived" | "resolved" | "unseen" {
  const findings = new Map(after.findings.map((finding) => [finding.id, finding]));
  const seen = new Set(seenIn(after).map(registryKey));
  const isLookedAt = lookedAtBy(after);
  const unknown = new Set(
    after.findings.filter(({ status }) => status === "UNKNOWN").map((finding) => questionOf(finding)),
  );
  return (finding) => {
    const now = findings.get(finding.id);
    if (now?.status === "WAIVED") return "waived";
    if (now !== undefined && now.status !== "UNKNOWN") return "resolved";
    const isUnknown =
      unknown.has(questionOf(finding)) || unknown.has(questionOf({ ...finding, prefix: null }));
    return seen.has(registryKey(finding)) && !isUnknown && isLookedAt(finding) ? "resolved" : "unseen";
  };
}

const fleetChecks: ReadonlySet<string> = new Set(
  checks.filter(({ looksAt }) => looksAt === "fleet").map(({ id }) => id),
);

/** Whether an audit evaluated the question of a finding in the registries that it read. */
function lookedAtBy({ narrowedTo, summary }: Report): (finding: Finding) => boolean {
  const notApplied = new Set(summary.notApplied);
  if (narrowedTo === null) return ({ check }) => !notApplied.has(check);
  const inScope = prefixFilter(narrowedTo);
  const chosen = narrowedTo.checks;
  // A part of the fleet does not show what is usual in the whole fleet.
  const isWhole = isWholeScope(narrowedTo);
  return ({ check, prefix }) =>
    !notApplied.has(check) &&
    inScope(prefix) &&
    (chosen === null || chosen.includes(check)) &&
    (isWhole || !fleetChecks.has(check));
}

function questionOf({ account, region, check, prefix }: Finding): string {
  return JSON.stringify([account, region, check, prefix]);
}

type SeenRegistry = Omit<SeenChange, "gaps">;

function seenIn({ registries }: Report): readonly SeenRegistry[] {
  return registries.flatMap(({ account, accountName, regions }) =>
    regions.map((region) => ({ account, accountName, region })),
  );
}

function onlySeenIn(one: Report, other: Report): readonly SeenChange[] {
  const there = new Set(seenIn(other).map(registryKey));
  return seenIn(one)
    .filter((registry) => !there.has(registryKey(registry)))
    .map((registry) => ({ ...registry, gaps: gapsAt(other, registry) }));
}

function gapsAt({ coverage }: Report, { account, region }: SeenRegistry): SeenChange["gaps"] {
  return coverage.gaps
    .filter((gap) => gap.account === account && (gap.region === region || gap.region === ALL_REGIONS))
    .map(({ reason, operation, detail }) => ({ reason, operation, detail }));
}
