import * as z from "zod";
import { ruleSchema } from "../ecr/rule.ts";
import { accountOrAllSchema, auditIdSchema, regionOrAllSchema, registryKeySchema } from "../ecr/target.ts";
import { findingSchema } from "./finding.ts";
import { auditRecordSchema } from "./history.ts";
import { coverageSchema, driftSchema } from "./report.ts";

/** The version of the state's shape. */
export const STATE_SCHEMA_VERSION = 1;

/** The schema of {@link KnownFinding}. */
export const knownFindingSchema = z.strictObject({
  finding: findingSchema.describe("As it was seen last."),
  open: z
    .boolean()
    .describe("False: resolved, and remembered for a while so that flapping is not told twice."),
  toldAt: z.string().describe("When it was told last."),
  quiet: z.boolean().describe("True: it came back so soon that its return was not told."),
  essence: z
    .string()
    .optional()
    .describe("A digest of what the failure was, where there was no room for the facts behind it."),
});

/** A finding that is open, or was until a short time ago. */
export type KnownFinding = Readonly<z.infer<typeof knownFindingSchema>>;

/** The schema of {@link WaivedFinding}. */
export const waivedFindingSchema = findingSchema.pick({
  account: true,
  region: true,
  check: true,
  prefix: true,
  firstSeenAt: true,
});

/** A finding that is waived: no more of it than tells since when it is there, for a waiver may hold for thousands. */
export type WaivedFinding = Readonly<z.infer<typeof waivedFindingSchema>>;

/** The schema of {@link KnownRegistry}. */
export const knownRegistrySchema = z.strictObject({
  changedAt: z.string().describe("When drift was seen last, or when the registry was seen first."),
  rules: z.array(ruleSchema).readonly(),
});

/** The rules of a registry as they were seen last. */
export type KnownRegistry = Readonly<z.infer<typeof knownRegistrySchema>>;

/** What one outlet still has to be told, because it could not be told before. */
export const undeliveredAlertsSchema = z.strictObject({
  findings: z.array(findingSchema).readonly(),
  drift: z.array(driftSchema).readonly(),
});
export type UndeliveredAlerts = Readonly<z.infer<typeof undeliveredAlertsSchema>>;

/** The schema of {@link AuditState}. */
export const stateSchema = z.strictObject({
  product: z.literal("pull-through-auditor"),
  schemaVersion: z.literal(STATE_SCHEMA_VERSION),
  auditId: auditIdSchema.describe("The audit that wrote this."),
  updatedAt: z.string(),
  coverage: coverageSchema
    .pick({ planned: true, audited: true, partial: true, unreachable: true })
    .describe("Of the last audit of the whole scope."),
  findings: z.record(z.string(), knownFindingSchema).describe("By finding id."),
  waived: z
    .record(z.string(), waivedFindingSchema)
    // States of before these were remembered lack them.
    .default({})
    .describe("By finding id."),
  registries: z.record(registryKeySchema, knownRegistrySchema).describe("By account/region."),
  missed: z
    .record(accountOrAllSchema, z.array(regionOrAllSchema).readonly())
    // States of before there was a deadline lack it.
    .default({})
    .describe(
      "The registries that time did not suffice for, which come first next time: regions by account.",
    ),
  pending: z.record(z.string(), undeliveredAlertsSchema).describe("By outlet."),
  history: z
    .array(auditRecordSchema)
    .readonly()
    // States of before there was a history lack it.
    .default([])
    .describe("The last audits, the oldest first."),
});

/** What the auditor remembers from one audit to the next. */
export type AuditState = Readonly<z.infer<typeof stateSchema>>;
