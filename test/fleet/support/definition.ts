import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import * as z from "zod";
import { HUB, REGION } from "../../functions/fleet.ts";

const file = fileURLToPath(new URL("../../../serverless/fleet.asl.yml", import.meta.url));

/** The functions of the fleet, as the definition names them. */
export const fleetFunctions = ["plan", "collect", "conclude"] as const;
export type FleetFunction = (typeof fleetFunctions)[number];

/** The ARN of a function as it would be deployed. */
export function functionArn(name: FleetFunction): string {
  return `arn:aws:lambda:${REGION}:${HUB}:function:pull-through-auditor-prod-${name}`;
}

/** What CloudFormation would put in for the placeholders, as in serverless/fleet.yml. */
const substitutions: Readonly<Record<string, string>> = {
  Partition: "aws",
  PlanFunction: functionArn("plan"),
  CollectFunction: functionArn("collect"),
  ConcludeFunction: functionArn("conclude"),
};

const retrySchema = z.array(z.looseObject({ ErrorEquals: z.array(z.string()) }));
const taskSchema = z.looseObject({ Type: z.literal("Task"), Retry: retrySchema });
const statesSchema = z.record(z.string(), z.looseObject({ Type: z.string() }));

const mapSchema = z.strictObject({
  Type: z.literal("Map"),
  Label: z.string(),
  ItemReader: z.strictObject({
    Resource: z.literal("arn:aws:states:::s3:getObject"),
    ReaderConfig: z.strictObject({ InputType: z.literal("JSON") }),
    Parameters: z.strictObject({ "Bucket.$": z.string(), "Key.$": z.string() }),
  }),
  ItemBatcher: z.strictObject({
    MaxItemsPerBatch: z.int().min(1),
    BatchInput: z.record(z.string(), z.string()),
  }),
  MaxConcurrency: z.int().min(1),
  ToleratedFailurePercentage: z.number(),
  ItemProcessor: z.strictObject({
    ProcessorConfig: z.strictObject({ Mode: z.literal("DISTRIBUTED"), ExecutionType: z.literal("STANDARD") }),
    StartAt: z.string(),
    States: z.record(z.string(), taskSchema),
  }),
  ResultWriter: z.strictObject({
    Resource: z.literal("arn:aws:states:::s3:putObject"),
    Parameters: z.strictObject({ "Bucket.$": z.string(), "Prefix.$": z.string() }),
  }),
  ResultPath: z.null(),
  Catch: z.array(z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string() })),
  Next: z.string(),
});

const definitionSchema = z.strictObject({
  Comment: z.string(),
  StartAt: z.string(),
  TimeoutSeconds: z.int(),
  States: statesSchema.and(z.object({ Collect: mapSchema })),
});

/** The state machine, as far as tests look into it; what they do not know of it is refused. */
export type Definition = z.infer<typeof definitionSchema>;
/** A Distributed Map, of which the local engine knows neither the reader, the batches nor the writer. */
export type DistributedMap = z.infer<typeof mapSchema>;

/** The definition that is deployed, with its placeholders filled in. */
export async function readDefinition(): Promise<Definition> {
  const text = await readFile(file, "utf8");
  const filled = text.replace(/\$\{(\w+)\}/g, (placeholder, name) => {
    const value = substitutions[name];
    if (value === undefined)
      throw new Error(`${placeholder} stands in the definition, and nothing fills it in`);
    return value;
  });
  return definitionSchema.parse(parse(filled));
}
