import * as z from "zod";
import { findingSchema, transitionSchema } from "../../schemas/finding.ts";
import { coverageGapSchema, coverageSchema, driftSchema, reportSchema } from "../../schemas/report.ts";

const { schemaVersion, auditId, baseline, status, summary } = reportSchema.shape;

/** The common fields of every event's detail. */
const head = {
  schemaVersion,
  eventId: z
    .string()
    .describe(
      "The same when an event is delivered again. Discard events whose id you have already processed.",
    ),
  auditId,
  baseline,
};

/** The detail of `Pull Through Cache Finding`; published as `policies/events/finding.schema.json`. */
export const findingEventSchema = z.strictObject({
  ...head,
  transition: transitionSchema.exclude(["unchanged"]),
  text: z
    .strictObject({
      summary: z.string().describe("One line of at most 130 characters: where, and what is wrong."),
      description: z
        .string()
        .describe(
          "Plain text of at most 4,000 characters: what is wrong, where, whose it is, and what to do.",
        ),
    })
    .describe("The finding for people, for tools that copy fields of an event into a ticket."),
  finding: findingSchema,
});

/** The detail of `Pull Through Cache Rule Drift`; published as `policies/events/rule-drift.schema.json`. */
export const driftEventSchema = z.strictObject({ ...head, drift: driftSchema });

/**
 * The detail of `Pull Through Cache Audit Completed`; published as
 * `policies/events/audit-completed.schema.json`.
 */
export const completedEventSchema = z.strictObject({
  ...head,
  status,
  summary,
  coverage: coverageSchema.omit({ gaps: true, excludedAccounts: true }).extend({
    gaps: z.array(coverageGapSchema).readonly().describe("The first gaps."),
    gapsOmitted: z.int().nonnegative(),
  }),
  report: z.strictObject({
    location: z.string().nullable(),
    url: z.string().nullable().describe("The address of its page in the AWS console."),
    command: z.string().nullable().describe("The command that fetches its page."),
  }),
});
