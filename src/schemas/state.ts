import * as z from "zod";
import { ruleSchema } from "../ecr/rule.ts";
import { accountOrAllSchema, auditIdSchema, regionOrAllSchema, registryKeySchema } from "../ecr/target.ts";
import { namePartSchema } from "../facts/cached-repositories.ts";
import { chainSchema } from "./chain.ts";
import { observedChangeSchema } from "./change.ts";
import { findingSchema } from "./finding.ts";
import { auditRecordSchema } from "./history.ts";
import { coverageSchema, driftSchema } from "./report.ts";

/** The version of the state's shape. An auditor refuses the state of a later version, and says so. */
export const STATE_SCHEMA_VERSION = 2;

/** The schema of {@link KnownFinding}. */
export const knownFindingSchema = z.strictObject({
  finding: findingSchema.describe("The finding as last seen."),
  open: z
    .boolean()
    .describe("False: it no longer fails, and is kept for a while so that flapping is recognized."),
  toldAt: z.string().describe("The time of the last alert."),
  quiet: z
    .boolean()
    .describe("True: an auditor of an older version sent no alert when it reopened. Only in older states."),
  returns: z
    .array(z.string())
    .readonly()
    .optional()
    .describe("The times at which it failed again after it no longer did, oldest first; only recent ones."),
  passesSince: z
    .string()
    .optional()
    .describe("Since when it no longer fails, if its resolution is not reported yet because it flaps."),
  essence: z
    .string()
    .optional()
    .describe("A digest of the failure, if the state had no room for the facts behind it."),
});

/** A finding that is open or was open recently. */
export type KnownFinding = Readonly<z.infer<typeof knownFindingSchema>>;

/** The schema of {@link WaivedFinding}. */
export const waivedFindingSchema = findingSchema.pick({
  account: true,
  region: true,
  check: true,
  prefix: true,
  firstSeenAt: true,
});

/** A waived finding. Only its identity and start are kept, because one waiver may cover thousands of findings. */
export type WaivedFinding = Readonly<z.infer<typeof waivedFindingSchema>>;

/** The schema of {@link KnownRegistry}. */
export const knownRegistrySchema = z.strictObject({
  changedAt: z.string().describe("The time of the last drift, or of the first audit of the registry."),
  rules: z.array(ruleSchema).readonly(),
  seenAt: z
    .string()
    .optional()
    .describe("When the last audit that read it started, if a later audit could not read it."),
});

/** The rules of a registry as last seen. */
export type KnownRegistry = Readonly<z.infer<typeof knownRegistrySchema>>;

/** The schema of {@link FormerPrefixes}. */
export const formerPrefixesSchema = z.record(registryKeySchema, z.array(z.string()).readonly());

/** The prefixes of rules that earlier audits saw and that are gone, by account/region. */
export type FormerPrefixes = Readonly<z.infer<typeof formerPrefixesSchema>>;

/** The schema of {@link RepositoryTurns}. */
export const repositoryTurnsSchema = z.record(
  registryKeySchema,
  z
    .array(
      namePartSchema.extend({
        at: z.string().describe("When the audit that read the part started."),
        unsure: z
          .array(z.string())
          .readonly()
          .describe(
            "The checks, prefixes and kinds of what the audit could not tell of this part for other reasons.",
          ),
      }),
    )
    .readonly(),
);

/** The parts of repositories that audits read of registries with too many for one audit, latest first. */
export type RepositoryTurns = Readonly<z.infer<typeof repositoryTurnsSchema>>;

/** The schema of {@link LastParts}. */
export const lastPartsSchema = z.record(registryKeySchema, namePartSchema);

/** The part of repositories that was read last, by account/region. */
export type LastParts = Readonly<z.infer<typeof lastPartsSchema>>;

/** Alerts that could not be delivered to one notifier so far. */
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
    // States of older versions do not have this.
    .default({})
    .describe("By finding id."),
  registries: z.record(registryKeySchema, knownRegistrySchema).describe("By account/region."),
  missed: z
    .record(accountOrAllSchema, z.array(regionOrAllSchema).readonly())
    // States of older versions do not have this.
    .default({})
    .describe(
      "Registries that the audit had no time for; the next audit reads them first. Regions by account.",
    ),
  formerPrefixes: formerPrefixesSchema
    // States of older versions do not have this.
    .default({})
    .describe("The prefixes of rules that are gone, latest first, by account/region."),
  repositoryTurns: repositoryTurnsSchema
    // States of older versions do not have this.
    .default({})
    .describe(
      "The parts of repositories that audits read, latest first, by account/region, where one audit cannot read all.",
    ),
  changes: z
    .array(observedChangeSchema)
    .readonly()
    // States of older versions do not have this.
    .default([])
    .describe("The last known change of each thing by a principal, latest first."),
  pending: z.record(z.string(), undeliveredAlertsSchema).describe("By notifier."),
  history: z
    .array(auditRecordSchema)
    .readonly()
    // States of older versions do not have this.
    .default([])
    .describe("The latest audits, oldest first."),
  chain: chainSchema
    .nullable()
    // States of older versions do not have this.
    .default(null)
    .describe("The end of the chain of stored reports; null if none is stored yet."),
});

/** The state that the auditor persists from one audit to the next. */
export type AuditState = Readonly<z.infer<typeof stateSchema>>;
