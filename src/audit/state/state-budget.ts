import { compareValues } from "../../core/order.ts";
import { registryKey } from "../../ecr/registry.ts";
import { type Finding, severityRank } from "../../schemas/finding.ts";
import type { AuditState, KnownFinding } from "../../schemas/state.ts";
import { changeFingerprintOf, digestOf } from "../compare/change-fingerprint.ts";
import { isSame, notKept } from "./state-packing.ts";

/**
 * In bytes: how large the whole state may become, and how much of it the details of findings (message, remediation
 * and data) may take, in all and for each registry. Only details can be left out.
 */
const upTo = { whole: 56_000_000, texts: 24_000_000, eachRegistry: 64_000 } as const;
/** In bytes: the whole state, the details of all findings, and the details of one registry's findings. */
export type TextLimits = { readonly whole: number; readonly texts: number; readonly eachRegistry: number };

/**
 * The bytes that one entry of each kind takes in the file without details. A test keeps them above what a fleet takes
 * whose names, ARNs and hosts are of the usual length.
 */
export const eachTakes = {
  rule: 300,
  finding: 330,
  waived: 260,
  alert: 160,
  alertOfNotifier: 36,
  drift: 900,
  part: 300,
} as const;

/**
 * Leaves out details of findings for which the state has no room. Each registry may have the same number of bytes, and
 * the more registries have findings, the fewer bytes each may have. Within a registry, open findings come first, then
 * the most severe. A finding without details keeps everything that identifies it and decides about its alerts: a
 * digest replaces the facts, and the next audit that finds it again reports it in full. Pure.
 *
 * @param limits for tests
 */
export function withinBudget(state: AuditState, limits: TextLimits = upTo): AuditState {
  const byRegistry = Map.groupBy(Object.values(state.findings), ({ finding }) => registryKey(finding));
  const share = Math.min(limits.eachRegistry, roomForTexts(state, limits) / Math.max(1, byRegistry.size));
  const left = new Map<string, number>();
  /** Whether there is room for the details of one more finding of its registry. */
  const fits = (finding: Finding): boolean => {
    const key = registryKey(finding);
    const rest = (left.get(key) ?? share) - textBytes(finding);
    left.set(key, rest);
    return rest >= 0;
  };
  const findings: Record<string, KnownFinding> = {};
  for (const known of byRegistry.values()) {
    for (const one of known.toSorted(byNeed)) {
      findings[one.finding.id] = fits(one.finding) ? one : withoutTexts(one);
    }
  }
  /** By `eventId`: notifiers that are owed the same alert share it. */
  const alerts = new Map<string | null, Finding>();
  const alertWithin = (alert: Finding): Finding => {
    const before = alerts.get(alert.eventId);
    if (before !== undefined) return before;
    const within = alertWithDetails(alert);
    if (alert.eventId !== null) alerts.set(alert.eventId, within);
    return within;
  };
  const alertWithDetails = (alert: Finding): Finding => {
    const known = state.findings[alert.id]?.finding;
    // The file has details that the known finding has too only once, and the decision about them is made above.
    if (known !== undefined && hasSameDetails(known, alert)) {
      const { message, remediation, data } = findings[alert.id]?.finding ?? known;
      return { ...alert, message, remediation, data };
    }
    return fits(alert) ? alert : { ...alert, ...notKept, data: {} };
  };
  const pending = Object.entries(state.pending).map(([notifier, owed]) => {
    return [notifier, { ...owed, findings: owed.findings.map(alertWithin) }] as const;
  });
  return { ...state, findings, pending: Object.fromEntries(pending) };
}

function roomForTexts(
  { registries, findings, waived, pending, repositoryTurns }: AuditState,
  limits: TextLimits,
): number {
  const parts = Object.values(repositoryTurns).reduce((sum, turns) => sum + turns.length, 0);
  const rules = Object.values(registries).reduce((sum, registry) => sum + registry.rules.length, 0);
  const owed = Object.values(pending);
  const alerts = new Set(owed.flatMap((one) => one.findings.map(({ eventId }) => eventId)));
  const drift = new Set(owed.flatMap((one) => one.drift.map(({ eventId }) => eventId)));
  const alertsOfNotifiers = owed.reduce((sum, one) => sum + one.findings.length + one.drift.length, 0);
  const rest =
    rules * eachTakes.rule +
    Object.keys(findings).length * eachTakes.finding +
    Object.keys(waived).length * eachTakes.waived +
    alerts.size * eachTakes.alert +
    drift.size * eachTakes.drift +
    parts * eachTakes.part +
    alertsOfNotifiers * eachTakes.alertOfNotifier;
  return Math.min(limits.texts, Math.max(0, limits.whole - rest));
}

function textBytes({ message, remediation, data }: Finding): number {
  return Buffer.byteLength(JSON.stringify([message, remediation, data]));
}

function byNeed(a: KnownFinding, b: KnownFinding): number {
  return (
    Number(b.open) - Number(a.open) ||
    severityRank(a.finding.severity) - severityRank(b.finding.severity) ||
    compareValues(a.finding.id, b.finding.id)
  );
}

function withoutTexts(known: KnownFinding): KnownFinding {
  const essence = known.essence ?? digestOf(changeFingerprintOf(known.finding));
  return { ...known, essence, finding: { ...known.finding, ...notKept, data: {} } };
}

function hasSameDetails(one: Finding, other: Finding): boolean {
  return (
    one.message === other.message && one.remediation === other.remediation && isSame(one.data, other.data)
  );
}
