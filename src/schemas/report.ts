import * as z from "zod";
import { ruleSchema } from "../ecr/rule.ts";
import {
  accountIdSchema,
  accountOrAllSchema,
  auditIdSchema,
  regionOrAllSchema,
  regionSchema,
} from "../ecr/target.ts";
import { unreadableReasonSchema } from "../facts/evidence.ts";
import { chainLinkSchema, deliveryRecordSchema, storedFileSchema } from "./chain.ts";
import { changedBySchema, findingSchema, severitySchema, statusSchema, transitionSchema } from "./finding.ts";

/** What started an audit. */
export const triggerSchema = z.enum(["schedule", "console", "event", "cli"]);
export type Trigger = z.infer<typeof triggerSchema>;

/** The outcome of an audit: non-compliant if a finding fails, else incomplete if coverage has a gap, else compliant. */
export const auditStatusSchema = z.enum(["non-compliant", "incomplete", "compliant"]);
export type AuditStatus = z.infer<typeof auditStatusSchema>;

/** The schema of {@link CoverageGap}. */
export const coverageGapSchema = z.strictObject({
  account: accountOrAllSchema.describe("`*` if not all accounts could be listed."),
  accountName: z.string().nullable(),
  region: regionOrAllSchema.describe("`*` if the account's enabled regions could not be listed."),
  state: z.enum(["partial", "unreachable"]),
  reason: z.enum([...unreadableReasonSchema.options, "check-error"]),
  operation: z.string(),
  detail: z.string(),
  prefixes: z.array(z.string()).readonly().describe("The affected rules; empty: the whole registry."),
});

/** Data that could not be read. */
export type CoverageGap = Readonly<z.infer<typeof coverageGapSchema>>;

/** An account that is excluded from the audit, and why. */
export const excludedAccountSchema = z.strictObject({
  account: accountIdSchema,
  accountName: z.string().nullable(),
  reason: z.enum(["excluded-by-policy", "not-active"]),
  detail: z.string(),
});
export type ExcludedAccount = Readonly<z.infer<typeof excludedAccountSchema>>;

/** The schema of {@link SeenAccount}. */
export const seenAccountSchema = z.strictObject({
  account: accountIdSchema,
  accountName: z.string().nullable(),
  organizationalUnits: z
    .array(z.string())
    .readonly()
    .describe("The root and the organizational units that contain the account, outermost first."),
  regions: z
    .array(regionSchema)
    .readonly()
    .describe("The regions whose registry was read, fully or partially."),
});

/** An account, and the regions whose registry was read. */
export type SeenAccount = Readonly<z.infer<typeof seenAccountSchema>>;

const count = z.int().nonnegative();

/** The schema of {@link Coverage}. */
export const coverageSchema = z.strictObject({
  planned: count.describe("Registries to audit; the sum of audited, partial and unreachable."),
  audited: count,
  partial: count,
  unreachable: count,
  excluded: count.describe("Excluded accounts."),
  dropped: z
    .boolean()
    .describe(
      "True: a smaller share was audited than in the previous audit, or a first audit could not read everything.",
    ),
  gaps: z.array(coverageGapSchema).readonly(),
  repositories: z
    .strictObject({
      lookedAt: count,
      existing: count.describe("Under the prefixes of rules, without those that the policy excludes."),
      excluded: count.describe("Those that the policy excludes."),
    })
    .optional()
    .describe("The repositories that were looked at. Left out: the policy does not ask for any."),
  excludedAccounts: z.array(excludedAccountSchema).readonly(),
});

/** The coverage ledger of an audit: every planned registry counts exactly once. */
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

/** The schema of {@link Summary}. */
export const summarySchema = z.strictObject({
  rules: count,
  findings: z.record(statusSchema, count),
  failing: z.record(severitySchema, count),
  transitions: z.record(transitionSchema.exclude(["unchanged"]), count),
  // Reports and states of older versions do not have these.
  causes: count.default(0).describe("How many different causes the failing findings have."),
  notApplied: z
    .array(z.string())
    .readonly()
    .default([])
    .describe("The ids of the checks that the policy does not ask for in any registry."),
});

/** The figures of an audit. */
export type Summary = Readonly<z.infer<typeof summarySchema>>;

/** The schema of {@link Drift}. */
export const driftSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  prefix: z.string(),
  change: z.enum(["added", "removed", "modified"]),
  before: ruleSchema.nullable(),
  after: ruleSchema.nullable(),
  eventId: z.string().describe("The ID of the alert about the change, the same when the alert is repeated."),
  // Reports and states of older versions do not have this.
  changedBy: changedBySchema.nullable().default(null).describe("Null if it is not known."),
});

/** A rule that changed since the previous audit. */
export type Drift = Readonly<z.infer<typeof driftSchema>>;

/** The schema of {@link LookupFailure}. */
export const lookupFailureSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  reason: unreadableReasonSchema,
  operation: z.string(),
  detail: z.string().describe("The unchanged error message of AWS or the network. Untrusted text."),
});

/** An account and region where CloudTrail could not be asked who made a change. */
export type LookupFailure = Readonly<z.infer<typeof lookupFailureSchema>>;

/** The schema of {@link WaiverNotice}. */
export const waiverNoticeSchema = z.strictObject({
  check: z.string(),
  reason: z.string(),
  owner: z.string(),
  ticket: z.string().nullable(),
  expires: z.string(),
});

/** A waiver of the policy that needs attention. */
export type WaiverNotice = Readonly<z.infer<typeof waiverNoticeSchema>>;

/** The schema of {@link TopicListeners}. */
export const topicListenersSchema = z.strictObject({
  topicArn: z.string(),
  heard: z
    .enum(["confirmed", "nobody", "not-known"])
    .describe("`not-known`: the topic could not be asked; it counts as heard."),
  confirmed: count.nullable().describe("Confirmed subscriptions; null if not known."),
  pending: count.nullable().describe("Subscriptions that wait for their confirmation; null if not known."),
  note: z.string().nullable().describe("Why the topic could not be asked."),
});

/** Who listens to an SNS topic that an audit had something to tell. */
export type TopicListeners = Readonly<z.infer<typeof topicListenersSchema>>;

const namedOnly = z.array(z.string()).readonly().nullable();

/** The schema of {@link NarrowedTo}. */
export const narrowedToSchema = z.strictObject({
  accounts: namedOnly.describe("Null: all accounts of the policy's scope."),
  regions: namedOnly.describe("Null: all regions of the policy's scope."),
  prefixes: namedOnly.describe("Null: all rules, and the registries as a whole."),
  checks: namedOnly.describe(
    "The ids of the only checks that were evaluated. Null: all that the policy asks for.",
  ),
});

/** What an audit was narrowed to. It says nothing about anything else. */
export type NarrowedTo = Readonly<z.infer<typeof narrowedToSchema>>;

/** The version of the report's schema. */
export const REPORT_SCHEMA_VERSION = 1;

/** The schema of {@link Report}; published as `policies/report.schema.json`. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  auditId: auditIdSchema,
  startedAt: z.string(),
  finishedAt: z.string(),
  trigger: triggerSchema,
  baseline: z
    .boolean()
    .describe("True: the first audit of a store. The findings that it opens are the baseline, not news."),
  status: auditStatusSchema,
  policy: z.strictObject({ name: z.string(), digest: z.string() }),
  narrowedTo: narrowedToSchema
    .nullable()
    // Reports of older versions do not have this.
    .default(null)
    .describe("What the request narrowed the audit to; null for the whole scope with all checks."),
  coverage: coverageSchema,
  registries: z
    .array(seenAccountSchema)
    .readonly()
    .describe("The registries that were read, by account; coverage.gaps lists those that were not."),
  summary: summarySchema,
  findings: z.array(findingSchema).readonly(),
  drift: z.array(driftSchema).readonly(),
  lookupFailures: z
    .array(lookupFailureSchema)
    .readonly()
    // Reports of older versions do not have this.
    .default([])
    .describe("Where CloudTrail could not be asked who made changes. This is no gap in coverage."),
  waivers: z.strictObject({
    expired: z.array(waiverNoticeSchema).readonly(),
    expiring: z.array(waiverNoticeSchema).readonly(),
    unused: z.array(waiverNoticeSchema).readonly(),
  }),
  topics: z
    .array(topicListenersSchema)
    .readonly()
    // Reports of older versions do not have this.
    .default([])
    .describe(
      "Who listens to the SNS topics that this audit had something to tell, asked before publishing.",
    ),
  previous: chainLinkSchema
    .nullable()
    // Reports of older versions do not have this, and the three that follow.
    .default(null)
    .describe("The report stored before this one; null for the first, and if nothing is stored."),
  alsoPrevious: z
    .array(chainLinkSchema)
    .readonly()
    .default([])
    .describe(
      "Further reports that no report named so far: of audits that ran at the same time, or did not end.",
    ),
  deliveries: z
    .array(deliveryRecordSchema.extend({ auditId: auditIdSchema }))
    .readonly()
    .default([])
    .describe(
      "What the audits in previous and alsoPrevious delivered. A report is stored before it is delivered.",
    ),
  files: z.array(storedFileSchema).readonly().default([]).describe("The files stored beside this report."),
});

/** The result of an audit. Findings are sorted by severity, account, region, prefix and check. */
export type Report = Readonly<z.infer<typeof reportSchema>>;
