import type { Seen } from "../../../src/audit/compare/compare.ts";
import { compare } from "../../../src/audit/compare/compare.ts";
import type { AuditScope } from "../../../src/audit/compare/scope.ts";
import type { EvaluatedFinding } from "../../../src/audit/evaluate/collect-findings.ts";
import { findingId } from "../../../src/core/ids.ts";
import { registryKey } from "../../../src/ecr/registry.ts";
import type { PullThroughCacheRule } from "../../../src/ecr/rule.ts";
import type { Finding } from "../../../src/schemas/finding.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { aRule, NOW } from "../../support/builders.ts";

/** The registry that the tests' findings lie in, unless they say otherwise. */
export const HERE = { account: "111122223333", region: "eu-west-1" } as const;

/** A time so many days after the first audit. */
export function day(days: number): Date {
  return new Date(NOW.getTime() + days * 86_400_000);
}

/** A rule that does not validate, as one audit sees it. */
export function aFailure(
  overrides: Partial<EvaluatedFinding> & { readonly subject?: string } = {},
): EvaluatedFinding {
  const { subject = "", ...parts } = overrides;
  const finding: Omit<EvaluatedFinding, "id"> = {
    check: "rule-validation",
    status: "FAIL",
    severity: "high",
    ...HERE,
    accountName: "payments-prod",
    organizationalUnits: [],
    prefix: "docker-hub",
    kind: "validation-failed",
    data: { failure: "dead" },
    title: "Rule cannot reach its upstream",
    message: "dead",
    remediation: "Renew the token.",
    docs: "docs/checks/rule-validation.md",
    waiver: null,
    owner: null,
    cause: null,
    openDays: null,
    changedBy: null,
    steps: [],
    docsUrl: "",
    consoleUrl: "",
    requirements: [],
    ...parts,
  };
  return { ...finding, id: parts.id ?? findingId({ ...finding, subject }) };
}

/** What an audit of the whole scope looked at: one registry with one rule. */
export function anAuditScope(overrides: Partial<AuditScope> = {}): AuditScope {
  return {
    wholeScope: true,
    narrowing: { accounts: null, regions: null, prefixes: null },
    inScope: () => true,
    checksLeftOut: new Set(),
    registries: new Map([[registryKey(HERE), [aRule()]]]),
    ...overrides,
  };
}

/** A sight in which the registry has these rules, or could not be read. */
export function auditScopeOf(
  rules: readonly PullThroughCacheRule[] | null,
  overrides: Partial<AuditScope> = {},
): AuditScope {
  return anAuditScope({ registries: new Map([[registryKey(HERE), rules]]), ...overrides });
}

/** An audit that saw all and found nothing. */
export function anAudit(overrides: Partial<Seen> = {}): Seen {
  return {
    auditId: "20261120T020000Z-00000000",
    now: NOW,
    findings: [],
    coverage: {
      planned: 1,
      audited: 1,
      partial: 0,
      unreachable: 0,
      excluded: 0,
      gaps: [],
      excludedAccounts: [],
    },
    auditScope: anAuditScope(),
    remindAfterDays: null,
    escalate: null,
    ...overrides,
  };
}

/** Audits one after the other, a day apart unless they say when; of each what the report would show. */
export function audits(...seen: readonly Partial<Seen>[]) {
  let state: AuditState | null = null;
  return seen.map((overrides, index) => {
    const { next, ...comparison } = compare(anAudit({ now: day(index), ...overrides }), state);
    state = { ...next, pending: {}, history: [], chain: null };
    return { ...comparison, state };
  });
}

/** What is reported of each finding: its transition, and whether it alerts. */
export function delivered(findings: readonly Finding[] | undefined) {
  return findings?.map(({ transition, eventId, stale }) => ({ transition, alert: eventId !== null, stale }));
}
