import { createHash } from "node:crypto";
import { compareValues } from "../../core/order.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { KnownFinding } from "../../schemas/state.ts";

/** What makes a failure the one it is: where this differs, it has changed. */
export function changeFingerprintOf({ kind, severity, data }: Finding): string {
  return JSON.stringify([kind, severity, sorted(data)]);
}

/** Whether a failure is another than the one that is remembered, be it by the digest of what it was. */
export function hasChanged(now: Finding, { finding, essence }: KnownFinding): boolean {
  const essenceNow = changeFingerprintOf(now);
  return essence === undefined
    ? essenceNow !== changeFingerprintOf(finding)
    : digestOf(essenceNow) !== essence;
}

/** Stands for an essence where there is no room for it. */
export function digestOf(essence: string): string {
  return createHash("sha256").update(essence).digest("hex").slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => compareValues(a, b))
    .map(([key, entry]) => [key, sorted(entry)]);
}
