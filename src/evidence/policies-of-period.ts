import * as z from "zod";
import type { StoredFiles } from "../audit/ports.ts";
import { bytesAsText } from "../core/bytes.ts";
import { compareValues } from "../core/order.ts";
import type { Evidence } from "../schemas/evidence.ts";
import type { PeriodReport } from "./period-report.ts";

type PolicySpan = Evidence["policies"][number];
type Content = Readonly<Record<string, unknown>> | null;

/** Follows which policy the audits of a period used. Reads a policy's file only where the digest changes. */
export function openPolicies(files: StoredFiles) {
  const spans: PolicySpan[] = [];
  let before: Content = null;
  return {
    add: async ({ policy, startedAt }: PeriodReport, path: string): Promise<void> => {
      const day = startedAt.slice(0, "2026-10-02".length);
      const last = spans.at(-1);
      if (last?.digest === policy.digest) {
        spans[spans.length - 1] = { ...last, to: day, audits: last.audits + 1 };
        return;
      }
      const bytes = await files.read(path.replace(/report\.json$/, "policy.json"));
      const now = bytes === null ? null : contentOf(bytes);
      const changes = last === undefined ? [] : changesBetween(before, now);
      spans.push({ ...policy, from: day, to: day, audits: 1, changes });
      before = now;
    },
    result: (): readonly PolicySpan[] => spans,
  };
}

const contentSchema = z.record(z.string(), z.unknown());

function contentOf(bytes: Uint8Array): Content {
  try {
    return contentSchema.parse(JSON.parse(bytesAsText(bytes)));
  } catch {
    return null;
  }
}

function changesBetween(before: Content, after: Content): PolicySpan["changes"] {
  if (before === null || after === null) return null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted(compareValues)
    .flatMap((section) => {
      const [old, young] = [textOf(before[section]), textOf(after[section])];
      return old === young ? [] : [{ section, before: old, after: young }];
    });
}

function textOf(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}
