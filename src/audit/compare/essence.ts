import type { Finding } from "../../model/finding.ts";
import { compareValues } from "../../model/order.ts";

/** What makes a failure the one it is: where this differs, it has changed. */
export function essenceOf({ kind, severity, data }: Finding): string {
  return JSON.stringify([kind, severity, sorted(data)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => compareValues(a, b))
    .map(([key, entry]) => [key, sorted(entry)]);
}
