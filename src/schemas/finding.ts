import * as z from "zod";
import { accountOrAllSchema, regionOrAllSchema } from "../ecr/target.ts";

/** How much a failing check matters, worst first. */
export const severities = ["critical", "high", "medium", "low", "informational"] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** The position of a severity, 0 for the worst. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** What a check answers. Only what was read can PASS or FAIL. */
export const statusSchema = z.enum(["PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE", "WAIVED"]);
export type Status = z.infer<typeof statusSchema>;

/** What became of a failing finding since the audit before. */
export const transitionSchema = z.enum(["opened", "changed", "unchanged", "reminded", "resolved"]);
export type Transition = z.infer<typeof transitionSchema>;

/** The waiver that holds for a finding. */
export const waiverNoteSchema = z.strictObject({
  reason: z.string(),
  owner: z.string(),
  ticket: z.string().nullable(),
  expires: z.string().describe("The last day the waiver holds, UTC."),
});
export type WaiverNote = Readonly<z.infer<typeof waiverNoteSchema>>;

/** The schema of {@link Finding}. */
export const findingSchema = z.strictObject({
  id: z.string().describe("A hash of account, region, prefix, check and subject: the same in every audit."),
  check: z.string(),
  status: statusSchema,
  severity: severitySchema,
  account: accountOrAllSchema,
  accountName: z.string().nullable(),
  organizationalUnits: z.array(z.string()).readonly(),
  region: regionOrAllSchema,
  prefix: z
    .string()
    .nullable()
    .describe("Null for a registry as a whole; of a missing rule, the prefix required."),
  kind: z.string().describe("What the check found, as a fixed name."),
  data: z.record(z.string(), z.unknown()).describe("The facts behind it; their shape depends on kind."),
  title: z.string(),
  message: z.string(),
  remediation: z.string(),
  docs: z.string().describe("The check's document, as a path in this project."),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  transition: transitionSchema
    .nullable()
    .describe("Null where the status is not FAIL and nothing was resolved."),
  eventId: z
    .string()
    .nullable()
    .describe(
      "The id of the alert about the transition, the same when it is repeated; null where none is due.",
    ),
  stale: z.boolean().describe("True when the registry could not be read: this is what was last seen."),
  waiver: waiverNoteSchema.nullable(),
});

/** One check's answer about one rule or registry, with the words that people read. */
export type Finding = Readonly<z.infer<typeof findingSchema>>;
