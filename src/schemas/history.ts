import * as z from "zod";
import { auditIdSchema } from "../ecr/target.ts";
import { severitySchema } from "./finding.ts";
import { auditStatusSchema, coverageSchema, summarySchema, triggerSchema } from "./report.ts";

const count = z.int().nonnegative();

/** The schema of {@link TrendFigures}. */
export const trendFiguresSchema = z.strictObject({
  causes: z
    .record(severitySchema, count)
    .describe("The open causes of failing findings, each by the worst severity of its findings."),
  resolved: count.describe("The findings that were reported as resolved; not those that were waived."),
  medianDays: z
    .number()
    .nonnegative()
    .nullable()
    .describe("The days from when those were first seen; null if there are none."),
  worstDays: count.nullable().describe("The most of those days; null if there are none."),
});

/** The figures of one audit that only its findings tell. */
export type TrendFigures = Readonly<z.infer<typeof trendFiguresSchema>>;

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
  trend: trendFiguresSchema
    .nullable()
    // States of older versions do not have this.
    .default(null)
    .describe("Null: not known, because an older version recorded the audit."),
  location: z.string().nullable().describe("Where the report is stored."),
});

/** The figures of one audit, which the state keeps to show the trend. */
export type AuditRecord = Readonly<z.infer<typeof auditRecordSchema>>;
