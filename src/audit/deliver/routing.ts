import { namesOne, namesPrefix, namesRegistry } from "../../policy/matching/where.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Finding, severityRank } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";

type Notifications = Policy["notifications"];
type Route = Notifications["routes"][number];

/** When to notify topics: when something changed, after every audit, or never. */
export type NotifyWhen = Notifications["when"];

/** Which topic gets which findings. */
export type Routing = { readonly notifications: Notifications; readonly defaultTopic: string | null };

/** All topics that may be notified. */
export function topicsOf({ notifications, defaultTopic }: Routing): readonly string[] {
  const routed = notifications.routes.map(({ topicArn }) => topicArn);
  const escalated = notifications.escalate === undefined ? [] : [notifications.escalate.topicArn];
  return [...new Set([...(defaultTopic === null ? [] : [defaultTopic]), ...routed, ...escalated])];
}

/**
 * A topic's share of a report: the findings that match its routes and, for the default topic, those that match no
 * route. Findings below the minimum severity are left out. The topic of the escalation also gets what has been open for
 * long. Pure.
 */
export function shareOf(topicArn: string, report: Report, { notifications, defaultTopic }: Routing): Report {
  const { minimumSeverity, routes, escalate } = notifications;
  const concerns = (finding: Finding): boolean => {
    if (escalate?.topicArn === topicArn && isEscalated(escalate, finding)) return true;
    if (severityRank(finding.severity) > severityRank(minimumSeverity)) return false;
    const takers = routes.filter((route) => takes(route, finding));
    return takers.length === 0
      ? topicArn === defaultTopic
      : takers.some((route) => route.topicArn === topicArn);
  };
  return { ...report, findings: report.findings.filter(concerns) };
}

/** Whether to notify a topic about its share. Only the default topic is notified about a drop in coverage. */
export function isWorthReporting(
  topicArn: string,
  share: Report,
  when: NotifyWhen,
  { defaultTopic }: Routing,
): boolean {
  if (when !== "changes") return when === "always";
  const hasNews = share.findings.some(({ eventId }) => eventId !== null);
  return hasNews || (topicArn === defaultTopic && share.coverage.dropped);
}

function isEscalated(escalate: NonNullable<Notifications["escalate"]>, finding: Finding): boolean {
  const isLong = finding.openDays !== null && finding.openDays >= escalate.afterDays;
  return isLong && severityRank(finding.severity) <= severityRank(escalate.minimumSeverity);
}

function takes({ where }: Route, finding: Finding): boolean {
  return (
    namesRegistry(where, finding) &&
    namesOne(where.checks, finding.check) &&
    namesPrefix(where.prefixes, finding.prefix) &&
    namesOne(where.owners, finding.owner?.name ?? null)
  );
}
