import * as z from "zod";
import { findingSchema } from "../schemas/finding.ts";
import { narrowedToSchema, reportSchema } from "../schemas/report.ts";

/** What evidence needs of a report. The rest, such as the list of all registries, is skipped and not validated. */
export const periodReportSchema = z.object({
  ...reportSchema.pick({
    auditId: true,
    startedAt: true,
    trigger: true,
    status: true,
    policy: true,
    waivers: true,
    coverage: true,
    deliveries: true,
  }).shape,
  // Undefined in reports of older versions, which do not say it.
  narrowedTo: narrowedToSchema.nullable().optional(),
  findings: z
    .array(
      z.object(
        findingSchema.pick({
          id: true,
          check: true,
          status: true,
          severity: true,
          account: true,
          region: true,
          prefix: true,
          title: true,
          firstSeenAt: true,
          transition: true,
          eventId: true,
          stale: true,
          waiver: true,
          owner: true,
          cause: true,
          changedBy: true,
          requirements: true,
        }).shape,
      ),
    )
    .readonly(),
});

/** A report of the period. */
export type PeriodReport = Readonly<z.infer<typeof periodReportSchema>>;
