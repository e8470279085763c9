import * as z from "zod";
import { chainLinkSchema, deliveryRecordSchema } from "./chain.ts";
import { findingSchema } from "./finding.ts";
import { coverageGapSchema, narrowedToSchema, reportSchema } from "./report.ts";
import { verificationSchema } from "./verification.ts";

const count = z.int().nonnegative();
const day = z.string().describe("UTC, as 2026-10-02.");

const nightAuditSchema = reportSchema
  .pick({ auditId: true, startedAt: true, trigger: true, status: true })
  .extend({
    scope: z
      .enum(["whole", "narrowed", "not-known"])
      .describe("`not-known`: the report is too old for the state's history, and was started by hand."),
    narrowedTo: narrowedToSchema
      .nullable()
      .describe("What a narrowed audit was narrowed to; null if its report does not say it, and for others."),
    planned: count,
    audited: count,
    partial: count,
    unreachable: count,
    excluded: count,
    gaps: z.array(z.strictObject({ state: z.string(), reason: z.string(), gaps: count })).readonly(),
    excludedBy: z.array(z.strictObject({ reason: z.string(), accounts: count })).readonly(),
    policyDigest: z.string(),
    sha256: chainLinkSchema.shape.sha256,
  });

const unreadSchema = coverageGapSchema.pick({ account: true, accountName: true }).extend({
  regions: z
    .array(coverageGapSchema.shape.region)
    .readonly()
    .describe("Those of which the rest is the same."),
  audits: count.describe(
    "The audits of the whole scope that could not read these registries, or not in full.",
  ),
  from: day,
  to: day,
  reasons: z.array(z.string()).readonly(),
});

const periodFindingSchema = findingSchema
  .pick({
    id: true,
    check: true,
    severity: true,
    account: true,
    region: true,
    prefix: true,
    title: true,
    owner: true,
    cause: true,
    changedBy: true,
    requirements: true,
  })
  .extend({
    opened: z.string().describe("When it was first seen; it may be before the period."),
    resolved: z
      .string()
      .nullable()
      .describe("When the audit ran that reported its end, or that read its registry and no longer had it."),
    end: z.enum(["resolved", "waived", "open"]),
    daysOpen: count.describe("Whole days to its end, or to the last audit of the period."),
    stale: z.boolean().describe("True: its registry could not be read at the end of the period."),
  });

const resolutionSchema = z.strictObject({
  severity: findingSchema.shape.severity,
  resolved: count,
  open: count,
  waived: count,
  medianDays: z.number().nullable(),
  worstDays: count.nullable(),
});

const requirementSchema = z.strictObject({
  requirement: z.string(),
  checks: z.array(z.string()).readonly().describe("The checks that cover it."),
  findings: count.describe("The findings of these checks in the period. 0: none failed."),
  resolved: count,
  waived: count,
  open: count.describe("Open at the end of the period."),
  worstDays: count.nullable().describe("The longest time that one of them was open; null without findings."),
});

const periodWaiverSchema = z.strictObject({
  checks: z.array(z.string()).readonly(),
  reason: z.string(),
  owner: z.string(),
  ticket: z.string().nullable(),
  expires: z.string(),
  findings: count.describe("The different findings that it accepted in the period; 0: it was not needed."),
  firstUsed: day.nullable(),
  lastUsed: day.nullable(),
});

const policySpanSchema = z.strictObject({
  digest: z.string(),
  name: z.string(),
  from: day,
  to: day,
  audits: count,
  changes: z
    .array(z.strictObject({ section: z.string(), before: z.string(), after: z.string() }))
    .readonly()
    .nullable()
    .describe("The sections that differ from the policy before; null if one of the two is not stored."),
});

/** The schema of {@link Evidence}. */
export const evidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  store: z.string(),
  from: day,
  to: day,
  nights: z.strictObject({ days: count, audited: count, missing: z.array(day).readonly() }),
  audits: z.array(nightAuditSchema).readonly(),
  unread: z
    .array(unreadSchema)
    .readonly()
    .describe("The registries that audits of the whole scope could not read in full, most often first."),
  policies: z.array(policySpanSchema).readonly(),
  findings: z.array(periodFindingSchema).readonly(),
  resolution: z.array(resolutionSchema).readonly(),
  requirements: z.array(requirementSchema).readonly(),
  waivers: z.array(periodWaiverSchema).readonly(),
  deliveries: z.array(deliveryRecordSchema.extend({ auditId: z.string() })).readonly(),
  verification: verificationSchema,
  limits: z.array(z.string()).readonly().describe("What the evidence does not show."),
});

/** What the stored audits of a period prove. */
export type Evidence = Readonly<z.infer<typeof evidenceSchema>>;
