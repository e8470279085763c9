import * as z from "zod";
import type { StoredFiles } from "../audit/ports.ts";
import { bytesAsText } from "../core/bytes.ts";
import { compareValues } from "../core/order.ts";
import type { Evidence } from "../schemas/evidence.ts";
import type { PeriodReport } from "./period-report.ts";

type PolicySpan = Evidence["policies"][number];
type Content = Readonly<Record<string, unknown>> | null;

/**
 * Follows which policy the audits of a period used, in the order of the chain. Reads a policy's file only where the
 * digest changes, or where none was stored before.
 */
export function openPolicies(files: StoredFiles) {
  const spans: PolicySpan[] = [];
  const contents: Content[] = [];
  return {
    add: async ({ policy, startedAt }: PeriodReport, path: string): Promise<void> => {
      const day = startedAt.slice(0, "2026-10-02".length);
      const last = spans.at(-1);
      const isSame = last?.digest === policy.digest;
      if (isSame) {
        // The clock may have been set back.
        const [from, to] = [last.from < day ? last.from : day, last.to > day ? last.to : day];
        spans[spans.length - 1] = { ...last, from, to, audits: last.audits + 1 };
        if (contents.at(-1) !== null) return;
      } else spans.push({ ...policy, from: day, to: day, audits: 1, changes: null });
      const bytes = await files.read(path.replace(/report\.json$/, "policy.json"));
      contents[spans.length - 1] = bytes === null ? null : contentOf(bytes);
    },
    result: (): readonly PolicySpan[] =>
      spans.map((span, index) => {
        if (index === 0) return { ...span, changes: [] };
        return { ...span, changes: changesBetween(contents[index - 1] ?? null, contents[index] ?? null) };
      }),
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
