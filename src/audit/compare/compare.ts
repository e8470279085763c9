import type { ObservedChange } from "../../schemas/change.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Coverage, Drift } from "../../schemas/report.ts";
import { type AuditState, STATE_SCHEMA_VERSION } from "../../schemas/state.ts";
import { attribute } from "../changes/attribute.ts";
import { rememberChanges } from "../changes/remember.ts";
import type { SeenCoverage } from "../collect/coverage.ts";
import type { EvaluatedFinding } from "../evaluate/collect-findings.ts";
import { compareRules } from "./drift.ts";
import { compareFindings } from "./findings.ts";
import { stillFormer } from "./former-rules.ts";
import type { Reminding } from "./outcome.ts";
import { stillInTurn } from "./repository-turns.ts";
import type { AuditScope } from "./scope.ts";
import { stillUnreached } from "./unreached-registries.ts";

/** The results of one audit, to be compared with the state. */
export type Seen = {
  readonly auditId: string;
  readonly now: Date;
  readonly findings: readonly EvaluatedFinding[];
  readonly coverage: SeenCoverage;
  readonly auditScope: AuditScope;
  /** Days after which a finding that still fails is reported again; `null` for never. */
  readonly remindAfterDays: number | null;
  /** Which findings are reported again once they have been open for so long; `null` for none. */
  readonly escalate: Reminding["escalate"];
  /** The changes that led to this audit, or that were looked up for it. Default: none. */
  readonly changes?: readonly ObservedChange[];
};

/** The result of comparing an audit with the state. */
export type Comparison = {
  readonly findings: readonly Finding[];
  readonly drift: readonly Drift[];
  readonly coverage: Coverage;
  /** The next state, without undelivered alerts, history and chain. */
  readonly next: Omit<AuditState, "pending" | "history" | "chain">;
};

/**
 * Compares an audit with the state of previous audits. Pure. Replaying audits of parts of the scope, in any order, ends
 * with the same open findings as one audit of the whole scope.
 *
 * @param previous `null` before the first audit: all its failures count as opened
 */
export function compare(seen: Seen, previous: AuditState | null): Comparison {
  const { auditId, now, auditScope, remindAfterDays, escalate } = seen;
  const reminding = { now, remindAfterDays, escalate };
  const repositoryTurns = stillInTurn(previous?.repositoryTurns ?? {}, seen.findings, auditScope, now);
  const { findings, next } = compareFindings(
    seen.findings,
    auditScope,
    previous ?? { findings: {}, waived: {} },
    reminding,
    repositoryTurns,
  );
  const seenBefore = lastOfWholeScope(previous);
  const { drift, registries } = compareRules(auditScope, previous?.registries ?? {}, { now, seenBefore });
  const coverage = { ...seen.coverage, dropped: hasDropped(seen, previous) };
  const { planned, audited, partial, unreachable } = coverage;
  const compared: Comparison = {
    findings,
    drift,
    coverage,
    next: {
      product: "pull-through-auditor",
      schemaVersion: STATE_SCHEMA_VERSION,
      auditId,
      updatedAt: now.toISOString(),
      coverage:
        auditScope.wholeScope || previous === null
          ? { planned, audited, partial, unreachable }
          : previous.coverage,
      ...next,
      registries,
      formerPrefixes: stillFormer(previous?.formerPrefixes ?? {}, drift, auditScope),
      repositoryTurns,
      changes: rememberChanges(previous?.changes ?? [], seen.changes ?? [], now),
      missed: stillUnreached(previous?.missed ?? {}, auditScope, coverage.gaps),
    },
  };
  return attribute(compared, seen.changes ?? [], auditScope);
}

/** When the last audit of the whole scope started; `null` if none is known. */
export function lastOfWholeScope(previous: Pick<AuditState, "history"> | null): string | null {
  return previous?.history.findLast(({ wholeScope }) => wholeScope)?.startedAt ?? null;
}

/** Without a previous state, any gap is a drop. An audit of a part of the scope says nothing about the whole. */
function hasDropped({ coverage, auditScope }: Seen, previous: AuditState | null): boolean {
  if (previous === null) return coverage.gaps.length > 0;
  return auditScope.wholeScope && shareSeen(coverage) < shareSeen(previous.coverage);
}

function shareSeen({ planned, audited }: Pick<Coverage, "planned" | "audited">): number {
  return planned === 0 ? 1 : audited / planned;
}
