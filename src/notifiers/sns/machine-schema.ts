import * as z from "zod";
import { findingSchema, severitySchema, stepSchema } from "../../schemas/finding.ts";
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
  messageIsExample: z.boolean().describe("True if other findings of the problem have a different message."),
  remediation: z.string(),
  remediationIsExample: z.boolean(),
  steps: z
    .array(stepSchema)
    .readonly()
    .default([])
    .describe("The first steps of the remediation. A command that is too long for the message is left out."),
  findings: count,
  news: count.describe(
    "How many of the findings are new or changed; 0 if there is no previous audit to compare with.",
  ),
  reminders: count,
  firstSeenAt: z.string().describe("When the oldest finding was first seen."),
  accounts: count,
  // Messages of older versions do not have these.
  causes: count.default(0).describe("How many different causes the findings have."),
  sharedCauses: z
    .array(z.string())
    .readonly()
    .default([])
    .describe("The causes that several of the findings share, as text."),
  flapping: count
    .default(0)
    .describe("How often the findings came back before their resolution was reported, at most; 0 for never."),
  sameCauseAs: z
    .string()
    .nullable()
    .default(null)
    .describe("The title of the problem before this one, if it has the same causes."),
  owners: z.string().nullable().default(null).describe("The owners of the findings, as text; null for none."),
  changers: z
    .string()
    .nullable()
    .default(null)
    .describe("Who made the changes that the findings are about, as text; null if nobody is known."),
  places: z
    .array(z.object({ account: z.string(), where: z.array(z.string()).readonly() }))
    .readonly()
    .describe("The first accounts and their affected regions and rules, as text."),
});

/** Findings of one check and kind with the same fix. */
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
  owner: true,
  cause: true,
  openDays: true,
  changedBy: true,
});

const digestCoverageSchema = coverageSchema
  .pick({
    planned: true,
    audited: true,
    partial: true,
    unreachable: true,
    excluded: true,
    dropped: true,
    repositories: true,
  })
  .extend({
    reasons: z
      .array(z.object({ reason: coverageGapSchema.shape.reason, gaps: count }))
      .readonly()
      .describe("The reasons for coverage gaps, the most frequent first."),
    gaps: z.array(coverageGapSchema).readonly().describe("The first gaps."),
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
    headline: z.string().describe("The outcome in one line of ASCII; also the subject of the message."),
    verdict: z.string().describe("The outcome in one sentence."),
    changes: z
      .object({ opened: count, changed: count, resolved: count, reminded: count, unchanged: count })
      .nullable()
      .describe(
        "The transitions of the findings in this digest; null if there is no previous audit to compare with.",
      ),
    coverage: digestCoverageSchema,
    problems: z
      .array(digestProblemSchema)
      .readonly()
      .describe("New and changed problems, then resolved ones, reminders, and known ones; each worst first."),
    problemsOmitted: count,
    findings: z
      .array(digestFindingSchema)
      .readonly()
      .describe("Failing findings, worst first, then resolved ones."),
    omitted: count.describe("Failing and resolved findings that did not fit."),
    drift: z.array(driftSchema).readonly().describe("The first changed rules."),
    driftOmitted: count,
    waivers: digestWaiversSchema,
    report: z.object({
      location: z.string().nullable(),
      url: z.string().nullable().default(null).describe("The address of its page in the AWS console."),
      command: z.string().nullable().default(null).describe("The command that fetches it."),
    }),
  })
  .readonly();

/** The JSON digest for integrations, under the key `default` of the SNS message. */
export type MachineDigest = z.infer<typeof machineDigestSchema>;
