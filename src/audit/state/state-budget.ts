import { compareValues } from "../../core/order.ts";
import { registryKey } from "../../ecr/registry.ts";
import { type Finding, severityRank } from "../../schemas/finding.ts";
import type { AuditState, KnownFinding } from "../../schemas/state.ts";
import { changeFingerprintOf, digestOf } from "../compare/change-fingerprint.ts";
import { notKept } from "./state-packing.ts";

/**
 * The bytes of a state that texts of findings, and the facts behind them, may fill up: a state can do without them, and
 * not without the rest. No registry takes more of them than its share.
 */
const upTo = { whole: 56_000_000, texts: 24_000_000, eachRegistry: 64_000 } as const;
/** In bytes: the whole state, all texts of it, and those of one registry. */
export type TextLimits = { readonly whole: number; readonly texts: number; readonly eachRegistry: number };

/** What the rest takes for each thing that is remembered: `npm run bench -- state` measures less. */
const eachTakes = {
  rule: 330,
  finding: 330,
  waived: 260,
  alert: 100,
  alertOfOutlet: 36,
  drift: 900,
} as const;

/**
 * The state with no more texts of findings than it has room for: so many bytes for each registry, and fewer where there
 * are many registries with findings. Of a registry, what is open comes first, and of that the worst. A finding that must
 * do without keeps all by which it is known again, told and reminded of: the facts behind it are replaced by their
 * digest, and the next audit that sees it tells it in full. Pure.
 *
 * @param limits other ones than usual
 */
export function withinBudget(state: AuditState, limits: TextLimits = upTo): AuditState {
  const byRegistry = Map.groupBy(Object.values(state.findings), ({ finding }) => registryKey(finding));
  const share = Math.min(limits.eachRegistry, roomForTexts(state, limits) / Math.max(1, byRegistry.size));
  const left = new Map<string, number>();
  /** Whether there is room for the texts of one more finding of its registry. */
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
  const alertWithin = (alert: Finding): Finding => {
    const known = state.findings[alert.id]?.finding;
    // What the finding says too stands in the file once: whether it stands there was decided above.
    if (known !== undefined && saysTheSame(known, alert)) {
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

function roomForTexts({ registries, findings, waived, pending }: AuditState, limits: TextLimits): number {
  const rules = Object.values(registries).reduce((sum, registry) => sum + registry.rules.length, 0);
  const owed = Object.values(pending);
  const alerts = new Set(owed.flatMap((one) => one.findings.map(({ eventId }) => eventId)));
  const drift = new Set(owed.flatMap((one) => one.drift.map(({ eventId }) => eventId)));
  const alertsOfOutlets = owed.reduce((sum, one) => sum + one.findings.length + one.drift.length, 0);
  const rest =
    rules * eachTakes.rule +
    Object.keys(findings).length * eachTakes.finding +
    Object.keys(waived).length * eachTakes.waived +
    alerts.size * eachTakes.alert +
    drift.size * eachTakes.drift +
    alertsOfOutlets * eachTakes.alertOfOutlet;
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

function saysTheSame(one: Finding, other: Finding): boolean {
  return (
    JSON.stringify([one.message, one.remediation, one.data]) ===
    JSON.stringify([other.message, other.remediation, other.data])
  );
}
