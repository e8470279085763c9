import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type RunOptions, StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import * as z from "zod";
import { forEachConcurrently } from "../../../src/core/concurrency.ts";
import type { DistributedMap } from "./definition.ts";
import { stateMachineError } from "./error.ts";

/**
 * What the local engine lacks: it reads the items of a Distributed Map from S3, runs a child execution for each batch,
 * and leaves word of them in S3, all as the definition says (AWS Step Functions developer guide, "ItemReader (Map)",
 * "ItemBatcher (Map)", "ResultWriter (Map)", November 2026).
 */
export async function runDistributedMap(
  map: DistributedMap,
  resolved: unknown,
  options: RunOptions,
): Promise<{ readonly MapRunArn: string }> {
  const { reader, batchInput, writer } = parametersSchema.parse(resolved);
  const client = new S3Client({ forcePathStyle: true });
  try {
    const items = await readItems(client, reader);
    const ended: Ended[] = [];
    await forEachConcurrently(
      batchesOf(items, map.ItemBatcher.MaxItemsPerBatch),
      map.MaxConcurrency,
      async (Items) => {
        ended.push(await runChild(map, { BatchInput: batchInput, Items }, options));
      },
    );
    await writeResults(client, writer, ended);
    const failed = ended.filter(({ Status }) => Status === "FAILED").length;
    if (failed * 100 > map.ToleratedFailurePercentage * ended.length) {
      throw stateMachineError("States.ExceedToleratedFailureThreshold", `${failed} child executions failed`);
    }
    return { MapRunArn };
  } finally {
    client.destroy();
  }
}

/** The same state as a task, whose parameters are what the reader, the batcher and the writer are told. */
export function asTask({
  Type: _type,
  Label: _label,
  ItemReader,
  ItemBatcher,
  MaxConcurrency: _concurrency,
  ToleratedFailurePercentage: _tolerated,
  ItemProcessor: _processor,
  ResultWriter,
  ...rest
}: DistributedMap) {
  return {
    ...rest,
    Type: "Task",
    Resource: "arn:aws:states:::distributed-map",
    // Without a limit of its own, as a Map has none.
    TimeoutSeconds: 86_400,
    Parameters: {
      reader: ItemReader.Parameters,
      batchInput: ItemBatcher.BatchInput,
      writer: ResultWriter.Parameters,
    },
  } as const;
}

const parametersSchema = z.strictObject({
  reader: z.strictObject({ Bucket: z.string(), Key: z.string() }),
  batchInput: z.record(z.string(), z.json()),
  writer: z.strictObject({ Bucket: z.string(), Prefix: z.string() }),
});

type Parameters = z.infer<typeof parametersSchema>;
type Input = { BatchInput: Parameters["batchInput"]; Items: z.infer<ReturnType<typeof z.json>>[] };

const MapRunArn = "arn:aws:states:eu-west-1:111122223333:mapRun:pull-through-auditor-prod/Collect:1";

async function readItems(client: S3Client, { Bucket, Key }: Parameters["reader"]) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key })).catch((error: Error) => {
    throw stateMachineError("States.ItemReaderFailed", error.message);
  });
  return z.array(z.json()).parse(JSON.parse((await Body?.transformToString()) ?? ""));
}

function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** What the writer tells of a child execution. */
type Ended = {
  readonly Status: "SUCCEEDED" | "FAILED";
  readonly Input: string;
  readonly Output?: string;
  readonly Error?: string;
  readonly Cause?: string;
};

async function runChild(map: DistributedMap, input: Input, options: RunOptions): Promise<Ended> {
  const { ProcessorConfig: _, ...definition } = map.ItemProcessor;
  const child = new StateMachine(asEngineTakesIt(definition), { validationOptions: { noValidate: true } });
  const Input = JSON.stringify(input);
  try {
    const output = await child.run(input, options).result;
    return { Status: "SUCCEEDED", Input, Output: JSON.stringify(output) };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause : new Error(String(error));
    return { Status: "FAILED", Input, Error: cause.name, Cause: cause.message };
  }
}

async function writeResults(
  client: S3Client,
  { Bucket, Prefix }: Parameters["writer"],
  ended: readonly Ended[],
): Promise<void> {
  const put = async (name: string, value: unknown) => {
    const Key = `${Prefix}/6dbfba93-bcff-410b-9b5c-abf41ae9eddb/${name}`;
    const Body = JSON.stringify(value);
    await client.send(new PutObjectCommand({ Bucket, Key, Body })).catch((error: Error) => {
      throw stateMachineError("States.ResultWriterFailed", error.message);
    });
    return { Key, Size: Body.length };
  };
  const fileOf = async (status: Ended["Status"]) => {
    const executions = ended.filter(({ Status }) => Status === status);
    return executions.length === 0 ? [] : [await put(`${status}_0.json`, executions)];
  };
  const [FAILED, SUCCEEDED] = await Promise.all([fileOf("FAILED"), fileOf("SUCCEEDED")]);
  await put("manifest.json", {
    DestinationBucket: Bucket,
    MapRunArn,
    ResultFiles: { FAILED, PENDING: [], SUCCEEDED },
  });
}

/** The engine's own type of a definition, which asks for less than tests know. */
export function asEngineTakesIt(definition: unknown): StateMachineDefinition {
  return engineSchema.parse(definition);
}

const engineSchema = z.custom<StateMachineDefinition>((value) => typeof value === "object" && value !== null);
