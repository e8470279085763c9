import * as z from "zod";
import { bytesAsText } from "../core/bytes.ts";
import { chainLinkSchema, storedFileSchema } from "../schemas/chain.ts";

/** A file in the folder of the report: an altered report must not name one elsewhere. */
const fileBesideSchema = storedFileSchema.extend({ name: z.string().regex(/^(?!\.)[^/\\]+$/) });

/** What verifying needs of a report. Everything else is covered by the digest of the file. */
const linkedReportSchema = z.looseObject({
  auditId: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  status: z.enum(["non-compliant", "incomplete", "compliant"]),
  previous: chainLinkSchema.nullable().optional(),
  alsoPrevious: z.array(chainLinkSchema).readonly().default([]),
  files: z.array(fileBesideSchema).readonly().default([]),
});

/** A report with its place in the chain. `previous` is undefined in reports of versions without a chain. */
export type LinkedReport = z.infer<typeof linkedReportSchema>;

/** A report's content, and its place in the chain; `null` if the file is not a report. */
export function parseLinkedReport(bytes: Uint8Array): { content: unknown; report: LinkedReport } | null {
  try {
    const content: unknown = JSON.parse(bytesAsText(bytes));
    const { success, data } = linkedReportSchema.safeParse(content);
    return success ? { content, report: data } : null;
  } catch {
    return null;
  }
}

/** The id and the day of the audit whose report a path holds; `null` for another file. */
export function auditAt(path: string): { readonly auditId: string; readonly day: string } | null {
  const [, year, month, day, auditId] =
    /^audits\/(\d{4})\/(\d{2})\/(\d{2})\/([^/]+)\/report\.json$/.exec(path) ?? [];
  return auditId === undefined ? null : { auditId, day: `${year}-${month}-${day}` };
}
