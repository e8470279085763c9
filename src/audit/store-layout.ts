import type { Report } from "../model/report.ts";

/** Where things lie under a store's root. */
export const STATE_FILE = "state.json";
export const LATEST_FILE = "latest.json";

/** The folder of one audit's reports under a store's root, by the day on which it began, UTC. */
export function reportFolder({ auditId, startedAt }: Pick<Report, "auditId" | "startedAt">): string {
  return `audits/${startedAt.slice(0, 10).replaceAll("-", "/")}/${auditId}`;
}

/** The text of the pointer to the last report. */
export function latestText({ auditId, finishedAt, status }: Report, location: string): string {
  return `${JSON.stringify({ auditId, finishedAt, status, location }, null, 2)}\n`;
}
