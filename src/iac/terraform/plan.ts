import * as z from "zod";
import { inputLimits } from "../../core/input-limits.ts";
import { parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError, jsonPath } from "../../core/problem.ts";

const values = z.record(z.string(), z.unknown());

const changeSchema = z.looseObject({
  address: z.string().max(inputLimits.addressLength),
  mode: z.string().default("managed"),
  type: z.string(),
  deposed: z.string().optional(),
  change: z.looseObject({
    actions: z.array(z.string()),
    before: values.nullish(),
    after: values.nullish(),
    after_unknown: z.union([z.boolean(), values]).nullish(),
  }),
});

/** One change to one resource instance. */
export type ResourceChange = z.infer<typeof changeSchema>;

const expression = z.looseObject({
  constant_value: z.unknown().optional(),
  references: z.array(z.string()).optional(),
});

const configResource = z.looseObject({
  address: z.string(),
  provider_config_key: z.string().optional(),
  expressions: values.optional(),
});

/** The parts of a module's configuration that rules need. */
export type ConfigModule = {
  readonly resources?: readonly z.infer<typeof configResource>[] | undefined;
  readonly module_calls?:
    | Readonly<Record<string, { readonly module?: ConfigModule | undefined }>>
    | undefined;
};

const configModule: z.ZodType<ConfigModule> = z.lazy(() =>
  z.looseObject({
    resources: z.array(configResource).optional(),
    module_calls: z.record(z.string(), z.looseObject({ module: configModule.optional() })).optional(),
  }),
);

const planSchema = z.looseObject({
  format_version: z.string(),
  variables: z.record(z.string(), z.looseObject({ value: z.unknown().optional() })).default({}),
  resource_changes: z.array(changeSchema).default([]),
  deferred_changes: z.array(z.looseObject({ resource_change: changeSchema })).default([]),
  configuration: z
    .looseObject({
      provider_config: z.record(z.string(), z.looseObject({ expressions: values.optional() })).default({}),
      root_module: configModule.default({}),
    })
    .prefault({}),
});

/**
 * The parts of `terraform show -json PLANFILE` that rules need (HashiCorp, "JSON Output Format", format 1.2, November
 * 2026). Unknown keys are ignored, as the format requires.
 */
export type Plan = z.infer<typeof planSchema>;

/** Whether `value` is output of `terraform show -json`, of a plan or of a state. */
export function isTerraformOutput(value: unknown): boolean {
  return terraformOutput.safeParse(value).success;
}

const terraformOutput = z
  .looseObject({ format_version: z.unknown() })
  .refine((output) =>
    ["terraform_version", "resource_changes", "planned_values", "values"].some((key) => key in output),
  );

/** Parses a plan. @throws ConfigurationError if it is not a plan or has an unsupported format */
export function parsePlan(value: unknown, file: string): Plan {
  refuseOtherFormats(value, file);
  return parseStrictly(planSchema, value, file);
}

const head = z.looseObject({ format_version: z.string() });

function refuseOtherFormats(value: unknown, file: string): void {
  const version = head.safeParse(value).data?.format_version;
  if (version !== undefined && !/^1\.\d+$/.test(version)) {
    const message = `is ${JSON.stringify(version)}, but only plans of format 1 are supported`;
    throw new ConfigurationError(file, [{ path: jsonPath(["format_version"]), message }]);
  }
  const isState = z
    .looseObject({ values: z.unknown() })
    .refine((output) => !("resource_changes" in output) && !("planned_values" in output))
    .safeParse(value).success;
  if (!isState) return;
  const message = "is a Terraform state, not a plan: use the output of terraform show -json PLANFILE";
  throw new ConfigurationError(file, [{ path: "$", message }]);
}

/** An expression of the configuration; `null` if it is not a single plain expression. */
export function expressionIn(given: unknown): z.infer<typeof expression> | null {
  return expression.safeParse(given).data ?? null;
}
