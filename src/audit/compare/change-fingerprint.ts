import { createHash } from "node:crypto";
import { compareValues } from "../../core/order.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { KnownFinding } from "../../schemas/state.ts";

/** What a fingerprint is made from. */
type Failure = Pick<Finding, "kind" | "severity" | "data">;

/**
 * The fingerprint of a failure: a failure with another fingerprint has changed. A sample, which counts repositories and
 * names some of them, differs almost from audit to audit and is no change; nor is what is heard while pulls go on failing.
 */
export function changeFingerprintOf({ kind, severity, data }: Failure): string {
  const { sample: _, heard: __, ...facts } = data;
  return JSON.stringify([kind, severity, sorted(facts)]);
}

/** Whether a failure differs from the known one, by its fingerprint or the digest of it. */
export function hasChanged(now: Failure, { finding, essence: knownDigest }: KnownFinding): boolean {
  const fingerprint = changeFingerprintOf(now);
  return knownDigest === undefined
    ? fingerprint !== changeFingerprintOf(finding)
    : digestOf(fingerprint) !== knownDigest;
}

/** The digest of a fingerprint, for a state that has no room for the facts. */
export function digestOf(fingerprint: string): string {
  return createHash("sha256").update(fingerprint).digest("hex").slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => compareValues(a, b))
    .map(([key, entry]) => [key, sorted(entry)]);
}
