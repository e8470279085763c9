import * as z from "zod";
import { keysOf, makeRecord } from "../src/core/records.ts";
import {
  completedEventSchema,
  driftEventSchema,
  findingEventSchema,
} from "../src/notifiers/eventbridge/schemas.ts";
import { machineDigestSchema } from "../src/notifiers/sns/machine-schema.ts";
import { policySchema } from "../src/policy/schema.ts";
import { policyTestSchema } from "../src/policy-test/schema.ts";
import { schemaAddress } from "../src/schemas/address.ts";
import { checkCatalogueSchema } from "../src/schemas/check-catalogue.ts";
import { checkReportSchema } from "../src/schemas/check-report.ts";
import { evidenceSchema } from "../src/schemas/evidence.ts";
import { lintReportSchema } from "../src/schemas/policy-lint.ts";
import { remediationPlanSchema } from "../src/schemas/remediation-plan.ts";
import { reportSchema } from "../src/schemas/report.ts";
import { withNames } from "./schema-names.ts";

const schemas = {
  "policies/policy.schema.json": withNames(toJsonSchema(policySchema, "input")),
  "policies/policy-test.schema.json": toJsonSchema(policyTestSchema, "input"),
  "policies/report.schema.json": toJsonSchema(reportSchema, "output"),
  "policies/check-report.schema.json": toJsonSchema(checkReportSchema, "output"),
  "policies/checks.schema.json": toJsonSchema(checkCatalogueSchema, "output"),
  "policies/plan.schema.json": toJsonSchema(remediationPlanSchema, "output"),
  "policies/policy-lint.schema.json": toJsonSchema(lintReportSchema, "output"),
  "policies/evidence.schema.json": toJsonSchema(evidenceSchema, "output"),
  "policies/digest.schema.json": toJsonSchema(machineDigestSchema, "input"),
  "policies/events/finding.schema.json": toJsonSchema(findingEventSchema, "output"),
  "policies/events/rule-drift.schema.json": toJsonSchema(driftEventSchema, "output"),
  "policies/events/audit-completed.schema.json": toJsonSchema(completedEventSchema, "output"),
} as const;

/** The published schemas, as JSON Schema 2020-12, by file name. Each has its address as its `$id`. */
export const publishedSchemas = makeRecord<typeof schemas>(keysOf(schemas), (file) => ({
  $schema: schemas[file].$schema,
  $id: schemaAddress(file),
  ...schemas[file],
}));

/** Removes `readOnly`, which describes how our code handles a list and means nothing to users of the file. */
function toJsonSchema(schema: z.ZodType, io: "input" | "output") {
  return z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
}
