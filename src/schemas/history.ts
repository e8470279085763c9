import * as z from "zod";
import { auditIdSchema } from "../ecr/target.ts";
import { auditStatusSchema, coverageSchema, summarySchema, triggerSchema } from "./report.ts";

/** The schema of {@link AuditRecord}. */
export const auditRecordSchema = z.strictObject({
  auditId: auditIdSchema,
  startedAt: z.string(),
  finishedAt: z.string(),
  trigger: triggerSchema,
  wholeScope: z
    .boolean()
    .describe("False: the request narrowed the audit, so that its figures are of a part."),
  status: auditStatusSchema,
  coverage: coverageSchema.pick({ planned: true, audited: true, partial: true, unreachable: true }),
  summary: summarySchema,
  location: z.string().nullable().describe("Where the report is kept."),
});

/** The figures of one audit, as the memory keeps them to show whether it is getting better. */
export type AuditRecord = Readonly<z.infer<typeof auditRecordSchema>>;
