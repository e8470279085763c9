import { randomBytes } from "node:crypto";

/** A new audit's id: its time, so that ids sort by it, and enough chance that no two audits share one. */
export function newAuditId(startedAt: Date): string {
  const time = startedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${randomBytes(4).toString("hex")}`;
}
