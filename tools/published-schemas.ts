import * as z from "zod";
import { checks } from "../src/checks/index.ts";
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
import { checkReportSchema } from "../src/schemas/check-report.ts";
import { lintReportSchema } from "../src/schemas/policy-lint.ts";
import { remediationPlanSchema } from "../src/schemas/remediation-plan.ts";
import { reportSchema } from "../src/schemas/report.ts";

const schemas = {
  "policies/policy.schema.json": withChecks(toJsonSchema(policySchema, "input")),
  "policies/policy-test.schema.json": toJsonSchema(policyTestSchema, "input"),
  "policies/report.schema.json": toJsonSchema(reportSchema, "output"),
  "policies/check-report.schema.json": toJsonSchema(checkReportSchema, "output"),
  "policies/plan.schema.json": toJsonSchema(remediationPlanSchema, "output"),
  "policies/policy-lint.schema.json": toJsonSchema(lintReportSchema, "output"),
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

/** Has editors complete the ids of the checks, with what each fails for. Custom checks have other ids. */
function withChecks(policy: ReturnType<typeof toJsonSchema>) {
  const settings = policy.properties?.["checks"];
  if (typeof settings !== "object" || typeof settings.additionalProperties !== "object") {
    throw new Error("the policy's schema has no settings for checks");
  }
  const { additionalProperties: setting } = settings;
  const known = checks.map(({ id, failsWhen }) => [
    id,
    { description: `Fails when ${failsWhen}.`, ...setting },
  ]);
  return {
    ...policy,
    properties: { ...policy.properties, checks: { ...settings, properties: Object.fromEntries(known) } },
  };
}

/** Removes `readOnly`, which describes how our code handles a list and means nothing to users of the file. */
function toJsonSchema(schema: z.ZodType, io: "input" | "output") {
  return z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
}
