import { withoutSecrets } from "../../core/collected.ts";
import { messageOf } from "../../core/errors.ts";
import { sha256Of } from "../../core/ids.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import type { Chain, ChainEnd, ChainLink, DeliveryRecord } from "../../schemas/chain.ts";
import type { Report } from "../../schemas/report.ts";
import type { AuditState, UndeliveredAlerts } from "../../schemas/state.ts";
import type { Delivery } from "../deliver/deliver.ts";
import type { KeptReport, RenderedFile } from "../ports.ts";
import { JSON_TYPE } from "./store.ts";
import { alertsOf, type UndeliveredByNotifier } from "./undelivered-alerts.ts";

/** The policy's file as it is stored beside the report; empty if the policy has no file. */
export function policyFile({ text }: LoadedPolicy): readonly RenderedFile[] {
  return text === undefined ? [] : [{ name: "policy.json", contentType: JSON_TYPE, text }];
}

/** A report as it is stored: it names the reports before it, what they delivered, and the files beside it. Pure. */
export function chained(report: Report, known: AuditState | null, files: readonly RenderedFile[]): Report {
  // An audit that is continued after it failed may find its own report there, which it stores again.
  const ends = endsOf(known?.chain ?? null).filter(({ auditId }) => auditId !== report.auditId);
  const [previous = null, ...alsoPrevious] = ends.map(linkOf);
  return {
    ...report,
    previous,
    alsoPrevious,
    deliveries: ends.flatMap(({ auditId, deliveries }) => deliveries.map((one) => ({ auditId, ...one }))),
    files: files.map(({ name, text }) => ({ name, sha256: sha256Of(text) })),
  };
}

/** A stored report, and the reports that it names. */
export type ReportLink = Pick<KeptReport, "sha256" | "replaced"> & {
  readonly report: Pick<Report, "auditId" | "previous" | "alsoPrevious">;
};

/**
 * The end of the chain after an audit. Reports that another audit added at the same time, and the one of an audit that
 * stored its report but not its state, stay at the end until a report names them. Pure.
 *
 * @param link `null` if the audit stored no report: the chain ends where it did
 */
export function chainAfter(
  state: AuditState | null,
  link: ReportLink | null,
  deliveries: readonly DeliveryRecord[],
): Chain | null {
  if (link === null) return state?.chain ?? null;
  const { report, sha256, replaced } = link;
  const named = [report.previous, ...report.alsoPrevious].flatMap((one) => one ?? []);
  const isOwn = ({ auditId }: ChainLink) => auditId === report.auditId;
  const hasEnded = ({ auditId }: ChainLink) => state?.history.some((one) => one.auditId === auditId) === true;
  // An audit that is continued after it failed stores its report again: then the pointer has the newer digest of it.
  const isContinued = (one: ChainLink) => replaced?.auditId === one.auditId && !hasEnded(one);
  const beside = endsOf(state?.chain ?? null)
    .filter((one) => !isOwn(one) && !named.some(({ auditId }) => auditId === one.auditId))
    .map((one) => (replaced !== null && isContinued(one) ? { ...one, sha256: replaced.sha256 } : one));
  const isKnown = (link: ChainLink) =>
    hasEnded(link) ||
    beside.some(({ auditId }) => auditId === link.auditId) ||
    named.some(({ auditId, sha256: digest }) => auditId === link.auditId && digest === link.sha256);
  const unended =
    replaced !== null && !isOwn(replaced) && !isKnown(replaced) ? [{ ...replaced, deliveries: [] }] : [];
  return { head: { auditId: report.auditId, sha256, deliveries }, beside: [...beside, ...unended] };
}

/** What an audit delivered, and what it owes now. Pure. */
export function deliveriesIn(
  deliveries: readonly Delivery[],
  pending: UndeliveredByNotifier,
): readonly DeliveryRecord[] {
  return deliveries.map(({ notifier, report, error }) => ({
    notifier: notifier.name,
    alerts: countOf(alertsOf(report)),
    owed: countOf(pending[notifier.name]),
    failure: error === undefined ? null : withoutSecrets(messageOf(error)),
  }));
}

function endsOf(chain: Chain | null): readonly ChainEnd[] {
  return chain === null ? [] : [chain.head, ...chain.beside];
}

function linkOf({ auditId, sha256 }: ChainEnd): ChainLink {
  return { auditId, sha256 };
}

function countOf(alerts: UndeliveredAlerts | undefined): number {
  return (alerts?.findings.length ?? 0) + (alerts?.drift.length ?? 0);
}
