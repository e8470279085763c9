import * as z from "zod";
import { auditIdSchema } from "../ecr/target.ts";

/** The SHA-256 of a file's bytes, as `sha256sum` prints it. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** The schema of {@link ChainLink}. */
export const chainLinkSchema = z.strictObject({
  auditId: auditIdSchema,
  sha256: sha256Schema.describe("The SHA-256 of the report's file, `report.json`."),
});

/** A stored report and the digest of its file. */
export type ChainLink = Readonly<z.infer<typeof chainLinkSchema>>;

/** The schema of a file that is stored beside a report. */
export const storedFileSchema = z.strictObject({ name: z.string(), sha256: sha256Schema });

/** The schema of {@link DeliveryRecord}. */
export const deliveryRecordSchema = z.strictObject({
  notifier: z.string(),
  alerts: z.int().nonnegative().describe("The alerts, new and owed, that were to be delivered."),
  owed: z.int().nonnegative().describe("Those of them that were not delivered; later audits repeat them."),
  failure: z.string().nullable().describe("Why the delivery failed."),
});

/** What an audit delivered to one notifier. */
export type DeliveryRecord = Readonly<z.infer<typeof deliveryRecordSchema>>;

/** The schema of {@link ChainEnd}. */
export const chainEndSchema = chainLinkSchema.extend({
  deliveries: z.array(deliveryRecordSchema).readonly().describe("What that audit delivered."),
});

/** A report that no other report names yet. */
export type ChainEnd = Readonly<z.infer<typeof chainEndSchema>>;

/** The schema of {@link Chain}. */
export const chainSchema = z.strictObject({
  head: chainEndSchema.describe("The latest report, which the next one names as `previous`."),
  beside: z
    .array(chainEndSchema)
    .readonly()
    .describe("Reports of audits that ran at the same time or did not end, which no report names yet."),
});

/** The end of the chain of stored reports. */
export type Chain = Readonly<z.infer<typeof chainSchema>>;
