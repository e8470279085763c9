import * as z from "zod";
import { type InputTransformer, inputTransformerSchema } from "./input-transformer.ts";
import { resolved } from "./resolved.ts";

const targetSchema = z.strictObject({
  Id: z.string(),
  Arn: z.unknown(),
  RoleArn: z.unknown(),
  DeadLetterConfig: z.strictObject({ Arn: z.unknown() }),
  RetryPolicy: z.strictObject({
    MaximumRetryAttempts: z.coerce.number(),
    MaximumEventAgeInSeconds: z.coerce.number(),
  }),
  HttpParameters: z
    .strictObject({
      PathParameterValues: z.array(z.string()),
      QueryStringParameters: z.record(z.string(), z.string()),
    })
    .optional(),
  InputTransformer: inputTransformerSchema,
});

const ruleSchema = z.object({
  Type: z.literal("AWS::Events::Rule"),
  Properties: z.object({ EventPattern: z.unknown(), Targets: z.tuple([targetSchema]) }),
});

/** A rule of a template under `deploy` that delivers to another tool. */
export type OutletRule = {
  readonly name: string;
  readonly pattern: unknown;
  readonly target: z.infer<typeof targetSchema>;
  readonly transformer: InputTransformer;
};

/** The rules of a template, worked out with these parameters. */
export function outletRules(
  template: unknown,
  parameters: Readonly<Record<string, string>>,
): readonly OutletRule[] {
  return Object.entries(resolved(template, parameters).resources).flatMap(([name, resource]) => {
    const { data } = ruleSchema.safeParse(truths(resource));
    if (data === undefined) return [];
    const { EventPattern, Targets } = data.Properties;
    return [{ name, pattern: EventPattern, target: Targets[0], transformer: Targets[0].InputTransformer }];
  });
}

/** With the truth values that the evaluator gives as texts. */
function truths(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(truths);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, truths(each)]));
  }
  if (value === "true" || value === "false") return value === "true";
  return value;
}
