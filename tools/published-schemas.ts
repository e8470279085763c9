import * as z from "zod";
import {
  completedEventSchema,
  driftEventSchema,
  findingEventSchema,
} from "../src/notifiers/eventbridge/schemas.ts";
import { machineDigestSchema } from "../src/notifiers/sns/machine-schema.ts";
import { policySchema } from "../src/policy/schema.ts";
import { policyTestSchema } from "../src/policy-test/schema.ts";
import { checkReportSchema } from "../src/schemas/check-report.ts";
import { remediationPlanSchema } from "../src/schemas/remediation-plan.ts";
import { reportSchema } from "../src/schemas/report.ts";

/** The published schemas, as JSON Schema 2020-12, by file name. */
export const publishedSchemas = {
  "policies/policy.schema.json": toJsonSchema(policySchema, "input"),
  "policies/policy-test.schema.json": toJsonSchema(policyTestSchema, "input"),
  "policies/report.schema.json": toJsonSchema(reportSchema, "output"),
  "policies/check-report.schema.json": toJsonSchema(checkReportSchema, "output"),
  "policies/plan.schema.json": toJsonSchema(remediationPlanSchema, "output"),
  "policies/digest.schema.json": toJsonSchema(machineDigestSchema, "input"),
  "policies/events/finding.schema.json": toJsonSchema(findingEventSchema, "output"),
  "policies/events/rule-drift.schema.json": toJsonSchema(driftEventSchema, "output"),
  "policies/events/audit-completed.schema.json": toJsonSchema(completedEventSchema, "output"),
};

/** Removes `readOnly`, which describes how our code handles a list and means nothing to users of the file. */
function toJsonSchema(schema: z.ZodType, io: "input" | "output") {
  return z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
}
