import { createHash, randomBytes } from "node:crypto";

/** The digest of a text, which tells how it was made: `sha256:` and 64 hex digits. */
export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** A new audit's id: its time, so that ids sort by it, and enough chance that no two audits share one. */
export function newAuditId(startedAt: Date): string {
  const time = startedAt.toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${randomBytes(4).toString("hex")}`;
}

/** What makes a finding the same finding in every audit. */
export type FindingIdentity = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string | null;
  readonly check: string;
  readonly subject: string;
};

/** The id of a finding: 32 hex digits that depend on what it is about, not on when it was found. */
export function findingId({ account, region, prefix, check, subject }: FindingIdentity): string {
  return createHash("sha256")
    .update(JSON.stringify([account, region, prefix, check, subject]))
    .digest("hex")
    .slice(0, 32);
}

/**
 * The id of an alert: 32 hex digits. It depends on what is told and on what was told before, not on the audit
 * that tells it: an alert that is repeated, because an audit broke off before it could remember, has its id
 * again.
 */
export function alertId(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
