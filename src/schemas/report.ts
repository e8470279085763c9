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
import { findingSchema, severitySchema, statusSchema, transitionSchema } from "./finding.ts";

/** What set an audit off. */
export const triggerSchema = z.enum(["schedule", "console", "event", "cli"]);
export type Trigger = z.infer<typeof triggerSchema>;

/** The outcome of an audit: a failing finding, else a gap in coverage, else all is well. */
export const auditStatusSchema = z.enum(["non-compliant", "incomplete", "compliant"]);
export type AuditStatus = z.infer<typeof auditStatusSchema>;

/** The schema of {@link CoverageGap}. */
export const coverageGapSchema = z.strictObject({
  account: accountOrAllSchema.describe("`*` when not all accounts could be listed."),
  accountName: z.string().nullable(),
  region: regionOrAllSchema.describe("`*` when the account's enabled regions could not be listed."),
  state: z.enum(["partial", "unreachable"]),
  reason: z.enum([...unreadableReasonSchema.options, "check-error"]),
  operation: z.string(),
  detail: z.string(),
  prefixes: z.array(z.string()).readonly().describe("The rules concerned; empty: the registry as a whole."),
});

/** One thing that could not be seen. */
export type CoverageGap = Readonly<z.infer<typeof coverageGapSchema>>;

/** An account that the scope left out, and why. */
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
    .describe("The root and the organizational units around the account, outermost first."),
  regions: z.array(regionSchema).readonly().describe("Where its registry was seen, in full or in part."),
});

/** An account, and the regions in which its registry was seen. */
export type SeenAccount = Readonly<z.infer<typeof seenAccountSchema>>;

const count = z.int().nonnegative();

/** The schema of {@link Coverage}. */
export const coverageSchema = z.strictObject({
  planned: count.describe("Registries to audit; the sum of audited, partial and unreachable."),
  audited: count,
  partial: count,
  unreachable: count,
  excluded: count.describe("Accounts left out."),
  dropped: z
    .boolean()
    .describe(
      "True: a smaller share could be seen than in the audit before, or in a first audit not everything could.",
    ),
  gaps: z.array(coverageGapSchema).readonly(),
  excludedAccounts: z.array(excludedAccountSchema).readonly(),
});

/** The ledger of an audit: every planned registry is accounted for once. */
export type Coverage = Readonly<z.infer<typeof coverageSchema>>;

/** The schema of {@link Summary}. */
export const summarySchema = z.strictObject({
  rules: count,
  findings: z.record(statusSchema, count),
  failing: z.record(severitySchema, count),
  transitions: z.record(transitionSchema.exclude(["unchanged"]), count),
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
  eventId: z.string().describe("The id of the alert about it, the same when it is repeated."),
});

/** A rule that changed since the audit before. */
export type Drift = Readonly<z.infer<typeof driftSchema>>;

/** The schema of {@link WaiverNotice}. */
export const waiverNoticeSchema = z.strictObject({
  check: z.string(),
  reason: z.string(),
  owner: z.string(),
  ticket: z.string().nullable(),
  expires: z.string(),
});

/** A waiver of the policy that somebody must look at. */
export type WaiverNotice = Readonly<z.infer<typeof waiverNoticeSchema>>;

/** The version of the report's shape. */
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
    .describe("True: the first audit of a store. What it opens is the starting point, not news."),
  status: auditStatusSchema,
  policy: z.strictObject({ name: z.string(), digest: z.string() }),
  coverage: coverageSchema,
  registries: z
    .array(seenAccountSchema)
    .readonly()
    .describe(
      "The registries that were seen, by account; those that were not stand among the coverage's gaps.",
    ),
  summary: summarySchema,
  findings: z.array(findingSchema).readonly(),
  drift: z.array(driftSchema).readonly(),
  waivers: z.strictObject({
    expired: z.array(waiverNoticeSchema).readonly(),
    expiring: z.array(waiverNoticeSchema).readonly(),
    unused: z.array(waiverNoticeSchema).readonly(),
  }),
});

/** The result of an audit. Findings are sorted by severity, account, region, prefix and check. */
export type Report = Readonly<z.infer<typeof reportSchema>>;
