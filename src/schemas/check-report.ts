import * as z from "zod";
import { findingSchema, severitySchema, statusSchema } from "./finding.ts";
import { auditStatusSchema } from "./report.ts";

const count = z.int().nonnegative();

/** The schema of {@link CodeFinding}. */
export const codeFindingSchema = z.strictObject({
  ...findingSchema.pick({
    check: true,
    status: true,
    severity: true,
    prefix: true,
    kind: true,
    data: true,
    title: true,
    message: true,
    remediation: true,
    docs: true,
    waiver: true,
  }).shape,
  id: z.string().describe("A hash of file, address, check and subject; stable across runs."),
  file: z.string(),
  line: z.int().positive().nullable().describe("From 1; null if the format has no source lines."),
  source: z
    .strictObject({ file: z.string(), line: z.int().positive() })
    .nullable()
    .optional()
    .describe("The block of HCL that a plan's rule comes from, with --source; null if it is not known."),
  address: z.string().describe("The resource's address in Terraform, or its logical ID in CloudFormation."),
  account: z.string().nullable().describe("Null if neither the file nor an option specifies it."),
  region: z.string().nullable().describe("Null if neither the file nor an option specifies it."),
  prefix: z.string().nullable().describe("Null if it is not known before deployment."),
});

/** The result of one check for one rule in code. */
export type CodeFinding = Readonly<z.infer<typeof codeFindingSchema>>;

/** The version of the check report's schema. */
export const CHECK_REPORT_SCHEMA_VERSION = 1;

/** The schema of {@link CheckReport}; published as `policies/check-report.schema.json`. */
export const checkReportSchema = z.strictObject({
  schemaVersion: z.literal(CHECK_REPORT_SCHEMA_VERSION),
  status: auditStatusSchema.describe("incomplete: nothing fails, but something could not be evaluated."),
  policy: z.strictObject({ name: z.string(), digest: z.string() }),
  files: z
    .array(
      z.strictObject({
        file: z.string(),
        format: z.enum(["terraform", "cloudformation", "serverless"]),
        rules: count,
      }),
    )
    .readonly(),
  summary: z.strictObject({
    rules: count,
    findings: z.record(statusSchema, count),
    failing: z.record(severitySchema, count),
  }),
  checksLeftOut: z
    .array(z.string())
    .readonly()
    .describe("Checks that the policy requires but that need a live registry."),
  findings: z
    .array(codeFindingSchema)
    .readonly()
    .describe("Sorted by severity, file, line, address and check; passing findings only on request."),
});

/** The result of `check`: the findings for the rules in code. */
export type CheckReport = Readonly<z.infer<typeof checkReportSchema>>;
