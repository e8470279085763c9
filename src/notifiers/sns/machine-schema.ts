import * as z from "zod";
import { findingSchema, severitySchema } from "../../schemas/finding.ts";
import {
  coverageGapSchema,
  coverageSchema,
  driftSchema,
  reportSchema,
  waiverNoticeSchema,
} from "../../schemas/report.ts";

const count = z.int().nonnegative();

/** The schema of {@link DigestProblem}. */
export const digestProblemSchema = z.object({
  outcome: z.enum(["failing", "resolved"]),
  severity: severitySchema,
  check: z.string(),
  kind: z.string(),
  title: z.string(),
  message: z.string(),
  messageIsExample: z.boolean().describe("True: other findings say it in other words."),
  remediation: z.string(),
  remediationIsExample: z.boolean(),
  findings: count,
  news: count.describe("How many of the findings are new or changed; 0 where nothing was there to compare."),
  reminders: count,
  firstSeenAt: z.string().describe("Of the oldest finding."),
  accounts: count,
  places: z
    .array(z.object({ account: z.string(), where: z.array(z.string()).readonly() }))
    .readonly()
    .describe("The first accounts, in words that people read."),
});

/** Findings of one check that are mended in the same way. */
export type DigestProblem = Readonly<z.infer<typeof digestProblemSchema>>;

const digestFindingSchema = findingSchema.pick({
  id: true,
  check: true,
  kind: true,
  status: true,
  severity: true,
  account: true,
  accountName: true,
  region: true,
  prefix: true,
  title: true,
  message: true,
  transition: true,
  eventId: true,
  stale: true,
  firstSeenAt: true,
});

const digestCoverageSchema = coverageSchema
  .pick({ planned: true, audited: true, partial: true, unreachable: true, excluded: true, dropped: true })
  .extend({
    reasons: z
      .array(z.object({ reason: coverageGapSchema.shape.reason, gaps: count }))
      .readonly()
      .describe("Why something was not seen, the most frequent reason first."),
    gaps: z.array(coverageGapSchema).readonly().describe("The first ones."),
    gapsOmitted: count,
  });

const digestWaiversSchema = z.object({
  expired: z.array(waiverNoticeSchema).readonly(),
  expiring: z.array(waiverNoticeSchema).readonly(),
  unused: z.array(waiverNoticeSchema).readonly(),
  omitted: count,
});

/** The schema of {@link MachineDigest}; published as `policies/digest.schema.json`. */
export const machineDigestSchema = z
  .object({
    product: z.literal("pull-through-auditor"),
    ...reportSchema.pick({
      schemaVersion: true,
      auditId: true,
      startedAt: true,
      finishedAt: true,
      status: true,
      baseline: true,
      policy: true,
      summary: true,
    }).shape,
    headline: z.string().describe("The outcome in one line of ASCII: the message's subject."),
    verdict: z.string().describe("The outcome in one sentence."),
    changes: z
      .object({ opened: count, changed: count, resolved: count, reminded: count, unchanged: count })
      .nullable()
      .describe("What became of the findings told here; null where nothing was there to compare."),
    coverage: digestCoverageSchema,
    problems: z
      .array(digestProblemSchema)
      .readonly()
      .describe(
        "Those with news or reminders, then the resolved ones, then what is known; each worst first.",
      ),
    problemsOmitted: count,
    findings: z
      .array(digestFindingSchema)
      .readonly()
      .describe("The failing ones, worst first, then the resolved ones."),
    omitted: count.describe("Failing and resolved findings that did not fit."),
    drift: z.array(driftSchema).readonly().describe("The first rules that changed."),
    driftOmitted: count,
    waivers: digestWaiversSchema,
    report: z.object({ location: z.string().nullable() }),
  })
  .readonly();

/** What an SNS digest says to machines, under the key `default`. */
export type MachineDigest = z.infer<typeof machineDigestSchema>;
