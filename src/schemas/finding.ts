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

/** The result of a check. Only data that was read can PASS or FAIL. */
export const statusSchema = z.enum(["PASS", "FAIL", "UNKNOWN", "NOT_APPLICABLE", "WAIVED"]);
export type Status = z.infer<typeof statusSchema>;

/** How a failing finding changed since the previous audit. */
export const transitionSchema = z.enum(["opened", "changed", "unchanged", "reminded", "resolved"]);
export type Transition = z.infer<typeof transitionSchema>;

/** The waiver that applies to a finding. */
export const waiverNoteSchema = z.strictObject({
  reason: z.string(),
  owner: z.string(),
  ticket: z.string().nullable(),
  expires: z.string().describe("The last day on which the waiver is valid, UTC."),
});
export type WaiverNote = Readonly<z.infer<typeof waiverNoteSchema>>;

/** Who is responsible for a finding, by the policy's `owners`. */
export const ownerSchema = z.strictObject({
  name: z.string(),
  contact: z.string().nullable().describe("How to reach the owner, such as a mail address."),
});
export type Owner = Readonly<z.infer<typeof ownerSchema>>;

/** What a cause of findings is. */
export const causeKindSchema = z.enum([
  "rule",
  "registry",
  "template",
  "scanning-configuration",
  "secret",
  "registry-policy",
  "upstream",
  "prefix",
  "role",
  "account",
  "permission",
]);
export type CauseKind = z.infer<typeof causeKindSchema>;

/** The schema of {@link Cause}. */
export const causeSchema = z.strictObject({
  id: z.string().describe("Findings with the same cause have the same id."),
  kind: causeKindSchema.describe("`rule` and `registry`: a finding that shares its cause with no other."),
  subject: z.string().describe("What has to change, such as the ARN of a secret."),
});

/** What has to change so that a finding is resolved. Several findings can share it. */
export type Cause = Readonly<z.infer<typeof causeSchema>>;

/** The schema of {@link ChangedBy}. */
export const changedBySchema = z.strictObject({
  arn: z.string().describe("The principal: the role of a session, a user, or the name of an AWS service."),
  sessionName: z.string().nullable().describe("The name of the role's session."),
  at: z.string(),
  sourceIp: z.string().nullable(),
  eventId: z.string().describe("The ID of the event in CloudTrail."),
});

/** Who made a change, as CloudTrail recorded it. Its texts are untrusted: the principal chooses some of them. */
export type ChangedBy = Readonly<z.infer<typeof changedBySchema>>;

/** The schema of a step of a remediation. */
export const stepSchema = z.strictObject({
  text: z.string(),
  commands: z.array(z.string()).readonly().describe("Commands for a POSIX shell, one line each."),
});

/** The schema of {@link Finding}. */
export const findingSchema = z.strictObject({
  id: z.string().describe("A hash of account, region, prefix, check and subject; stable across audits."),
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
    .describe("Null for a finding about the whole registry; the required prefix for a missing rule."),
  kind: z.string().describe("What the check found, as a fixed identifier."),
  data: z
    .record(z.string(), z.unknown())
    .describe("The facts behind the finding; their shape depends on kind."),
  title: z.string(),
  message: z.string(),
  remediation: z.string(),
  docs: z.string().describe("The check's document, as a path in this project."),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  transition: transitionSchema
    .nullable()
    .describe("Null if the status is not FAIL and nothing was resolved."),
  eventId: z
    .string()
    .nullable()
    .describe(
      "The ID of the alert about the transition, the same when the alert is repeated; null if no alert is due.",
    ),
  flapping: z
    .int()
    .positive()
    .nullable()
    // Reports and states of older versions do not have this.
    .default(null)
    .describe("For a resolution that was reported late because the finding flaps: how often it returned."),
  stale: z.boolean().describe("True if the registry could not be read: this is the finding as last seen."),
  waiver: waiverNoteSchema.nullable(),
  // Reports and states of older versions do not have these.
  owner: ownerSchema.nullable().default(null).describe("Null if the policy names no owner."),
  cause: causeSchema.nullable().default(null).describe("Null if the finding passes or does not apply."),
  openDays: z
    .int()
    .nonnegative()
    .nullable()
    .default(null)
    .describe("Whole days since the finding was first seen; null unless it fails or was resolved."),
  changedBy: changedBySchema.nullable().default(null).describe("Null if it is not known."),
  steps: z
    .array(stepSchema)
    .readonly()
    .default([])
    .describe("The remediation in steps, with its commands apart from the text."),
  docsUrl: z.string().default("").describe("The address of the check's document."),
  consoleUrl: z
    .string()
    .default("")
    .describe("The address of the rules in the ECR console, for someone who is signed in to the account."),
  requirements: z
    .array(z.string())
    .readonly()
    .default([])
    .describe(
      "The requirements of frameworks that the check covers: published ones, and those of the policy.",
    ),
});

/** The result of one check for one rule or registry, with the texts for readers. */
export type Finding = Readonly<z.infer<typeof findingSchema>>;

/** What a report says about a finding in addition to what the checks found, before it is added. The state does not keep it. */
export const notDescribed = {
  owner: null,
  cause: null,
  openDays: null,
  steps: [],
  docsUrl: "",
  consoleUrl: "",
  requirements: [],
} as const satisfies Partial<Finding>;
