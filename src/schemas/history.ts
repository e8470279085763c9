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
    .describe("False: the request narrowed the audit, and its figures cover only that part."),
  status: auditStatusSchema,
  coverage: coverageSchema.pick({ planned: true, audited: true, partial: true, unreachable: true }),
  summary: summarySchema,
  location: z.string().nullable().describe("Where the report is stored."),
});

/** The figures of one audit, which the state keeps to show the trend. */
export type AuditRecord = Readonly<z.infer<typeof auditRecordSchema>>;
