import { ALL_REGIONS } from "../ecr/registry.ts";
import { failuresIn, isFailing } from "../schemas/count-findings.ts";
import type { Finding } from "../schemas/finding.ts";
import type { Coverage, CoverageGap, Report, Summary } from "../schemas/report.ts";
import { fromCauses } from "./causes.ts";
import { severityCounts } from "./counts.ts";
import { nameText } from "./locations.ts";
import { counted, grouped, listed } from "./words.ts";

/** Returns the unknown findings whose cause is not already listed as a coverage gap. */
export function unexplainedBy(gaps: readonly CoverageGap[], unknown: readonly Finding[]): Finding[] {
  const byAccount = Map.groupBy(gaps, ({ account }) => account);
  return unknown.filter(
    (finding) => !(byAccount.get(finding.account) ?? []).some((gap) => explains(gap, finding)),
  );
}

function explains(gap: CoverageGap, { region, prefix, kind, data }: Finding): boolean {
  if (gap.region !== ALL_REGIONS && gap.region !== region) return false;
  if (gap.prefixes.length > 0 && (prefix === null || !gap.prefixes.includes(prefix))) return false;
  if (gap.reason === "check-error") return kind === "check-crashed";
  return data["reason"] === gap.reason && data["operation"] === gap.operation;
}

const MOST_TOPICS = 3;
const MOST_PLACES = 3;

/** Explains the first audit to its readers. */
export const FIRST_AUDIT =
  "This was the first audit. Its findings are the baseline that later audits are compared with.";

/** Returns how many planned registries were not fully covered. */
export function unseenRegistries({
  partial,
  unreachable,
}: Pick<Coverage, "partial" | "unreachable">): number {
  return partial + unreachable;
}

/**
 * Returns the outcome in a few sentences. Says "compliant" only if every planned registry was covered, and names the
 * topics that nobody hears.
 */
export function verdictOf(report: Report): string {
  return `${outcomeOf(report)}${unheardText(report)}${notLookedUpText(report)}`;
}

/** Names where CloudTrail could not be asked who made changes, and why. */
function notLookedUpText({ lookupFailures }: Report): string {
  if (lookupFailures.length === 0) return "";
  const places = lookupFailures.map(
    ({ account, region, reason, operation }) =>
      `${nameText(account)} ${nameText(region)} (${nameText(operation)}: ${nameText(reason)})`,
  );
  return ` CloudTrail could not be asked who made the changes: ${listed(places, MOST_PLACES)}.`;
}

function unheardText({ topics }: Report): string {
  const unheard = topics.filter(({ heard }) => heard === "nobody").map(({ topicArn }) => topicArn);
  if (unheard.length === 0) return "";
  return ` Not delivered, because nobody has confirmed a subscription: ${listed(unheard, MOST_TOPICS)}.`;
}

function outcomeOf(report: Report): string {
  const failing = report.findings.filter(isFailing);
  const withGaps = unseenRegistries(report.coverage);
  if (failing.length > 0) {
    const sentence = `Non-compliant: ${severityCounts(failing)} failing${fromCauses(failing)}${coverageText(report.coverage)}`;
    return `${sentence}${otherFailures(report, failing.length)}`;
  }
  // The digest for one topic may hold none of the audit's failing findings.
  if (report.status === "non-compliant")
    return "No finding for this topic fails any more, but the audit as a whole is non-compliant.";
  if (withGaps > 0 || report.status === "incomplete") {
    return `Incomplete: no failures found${coverageText(report.coverage)}`;
  }
  if (report.coverage.planned === 0) return "Nothing was audited: no registry is in scope.";
  const noRule = report.summary.rules === 0 ? " No rule was found." : "";
  return `Compliant: nothing fails${coverageText(report.coverage)}${noRule}`;
}

/** Counts the failing findings that this digest leaves out. */
function otherFailures({ summary }: Report, delivered: number): string {
  const elsewhere = failuresIn(summary) - delivered;
  if (elsewhere <= 0) return "";
  const more = counted(elsewhere, "more failing finding");
  return ` ${more} not shown: for other topics, or below the minimum severity.`;
}

/**
 * Names the checks that the policy does not ask for, because a policy that asks for little is easily complied with;
 * `null` if it asks for all.
 */
export function notAskedText({ notApplied }: Pick<Summary, "notApplied">): string | null {
  if (notApplied.length === 0) return null;
  return `${notApplied.map(nameText).join(", ")}. How to ask for them: docs/policy.md`;
}

/**
 * Says how many of the cached repositories were looked at: a budget may leave some to later audits. `null` if the policy
 * asks for none.
 */
export function repositoriesText({ repositories }: Pick<Coverage, "repositories">): string | null {
  if (repositories === undefined) return null;
  const { lookedAt, existing, excluded } = repositories;
  const text = `${grouped(lookedAt)} of ${counted(existing, "cached repository", "cached repositories")} looked at`;
  return excluded === 0 ? text : `${text}, ${grouped(excluded)} excluded`;
}

function coverageText(coverage: Coverage): string {
  const { planned } = coverage;
  const withGaps = unseenRegistries(coverage);
  if (withGaps > 0)
    return `; ${grouped(withGaps)} of ${counted(planned, "registry", "registries")} not fully covered.`;
  return planned === 1 ? "; the registry was covered." : `; all ${grouped(planned)} registries were covered.`;
}
