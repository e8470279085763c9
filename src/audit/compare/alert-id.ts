import { createHash } from "node:crypto";

/**
 * The id of an alert: 32 hex digits. It depends on what is told and on what was told before, not on the audit
 * that tells it: an alert that is repeated, because an audit broke off before it could remember, has its id
 * again.
 */
export function alertId(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
