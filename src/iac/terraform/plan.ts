import * as z from "zod";
import { inputLimits } from "../../core/input-limits.ts";
import { parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError, jsonPath } from "../../core/problem.ts";
import { NotCodeError } from "../not-code.ts";

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
    before_sensitive: z.union([z.boolean(), values]).nullish(),
    after_sensitive: z.union([z.boolean(), values]).nullish(),
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
  for_each_expression: z.unknown().optional(),
});

/** A resource as the configuration declares it. */
export type ConfigResource = z.infer<typeof configResource>;

/** The call of a module. */
export type ModuleCall = {
  readonly source?: string | undefined;
  readonly expressions?: Readonly<Record<string, unknown>> | undefined;
  readonly for_each_expression?: unknown;
  readonly module?: ConfigModule | undefined;
};

/** The parts of a module's configuration that rules need. */
export type ConfigModule = {
  readonly resources?: readonly ConfigResource[] | undefined;
  readonly outputs?: Readonly<Record<string, { readonly expression?: unknown }>> | undefined;
  readonly variables?: Readonly<Record<string, { readonly default?: unknown }>> | undefined;
  readonly module_calls?: Readonly<Record<string, ModuleCall>> | undefined;
};

const configModule: z.ZodType<ConfigModule> = z.lazy(() =>
  z.looseObject({
    resources: z.array(configResource).optional(),
    outputs: z.record(z.string(), z.looseObject({ expression: z.unknown().optional() })).optional(),
    variables: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })).optional(),
    module_calls: z
      .record(
        z.string(),
        z.looseObject({
          source: z.string().optional(),
          expressions: values.optional(),
          for_each_expression: z.unknown().optional(),
          module: configModule.optional(),
        }),
      )
      .optional(),
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
  prior_state: z.unknown().optional(),
  complete: z.boolean().optional(),
  errored: z.boolean().optional(),
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
  throw new NotCodeError(file, [{ path: "$", message }]);
}

/** An expression of the configuration; `null` if it is not a single plain expression. */
export function expressionIn(given: unknown): z.infer<typeof expression> | null {
  return expression.safeParse(given).data ?? null;
}

/** What all expressions refer to that are in a value of the configuration, such as a nested block. */
export function referencesIn(given: unknown): readonly string[] {
  if (Array.isArray(given)) return given.flatMap(referencesIn);
  if (typeof given !== "object" || given === null) return [];
  const own = expressionIn(given)?.references;
  return own ?? Object.values(given).flatMap(referencesIn);
}

/** Returns a text that is not empty, else `null`. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Whether an attribute has a mark, such as `after_unknown` or `after_sensitive`. */
export function isMarked(marks: ResourceChange["change"]["after_unknown"], attribute: string): boolean {
  if (marks === true) return true;
  return typeof marks === "object" && marks?.[attribute] === true;
}
