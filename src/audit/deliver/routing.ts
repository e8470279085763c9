import { namesOne, namesPrefix, namesRegistry } from "../../policy/matching/where.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Finding, severityRank } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";

type Notifications = Policy["notifications"];
type Route = Notifications["routes"][number];

/** When people are told: when something changed, after every audit, or not at all. */
export type NotifyWhen = Notifications["when"];

/** Who is told of what. */
export type Routing = { readonly notifications: Notifications; readonly defaultTopic: string | null };

/** Every topic that may be told of something. */
export function topicsOf({ notifications, defaultTopic }: Routing): readonly string[] {
  const routed = notifications.routes.map(({ topicArn }) => topicArn);
  return [...new Set(defaultTopic === null ? routed : [defaultTopic, ...routed])];
}

/**
 * A report as it concerns one topic: the findings that its routes take, and for the default topic those that no
 * route takes, of the least severity that people are told of or worse. Pure.
 */
export function shareOf(topicArn: string, report: Report, { notifications, defaultTopic }: Routing): Report {
  const { minimumSeverity, routes } = notifications;
  const concerns = (finding: Finding): boolean => {
    if (severityRank(finding.severity) > severityRank(minimumSeverity)) return false;
    const takers = routes.filter((route) => takes(route, finding));
    return takers.length === 0
      ? topicArn === defaultTopic
      : takers.some((route) => route.topicArn === topicArn);
  };
  return { ...report, findings: report.findings.filter(concerns) };
}

/** Whether a topic is told of its share. A drop in coverage concerns whoever looks after the whole. */
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

function takes({ where }: Route, finding: Finding): boolean {
  return (
    namesRegistry(where, finding) &&
    namesOne(where.checks, finding.check) &&
    namesPrefix(where.prefixes, finding.prefix)
  );
}
