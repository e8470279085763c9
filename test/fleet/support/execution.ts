import { type RunOptions, StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import { type FleetFunction, fleetFunctions, functionArn, readDefinition } from "./definition.ts";
import { asEngineTakesIt, asTask, runDistributedMap } from "./distributed-map.ts";
import { stateMachineError } from "./error.ts";

/** Invokes a function. What it throws is what the state machine hears of, by its name. */
export type Invoke = (name: FleetFunction, payload: unknown) => Promise<unknown>;

/** How an execution ended. */
export type Ended =
  | { readonly end: "succeeded"; readonly output: unknown }
  | { readonly end: "failed"; readonly error: string; readonly cause: string };

/**
 * Runs the state machine that is deployed, without its waits. Functions are invoked by `invoke`; S3 is wherever the
 * environment of this process says.
 */
export async function execute(input: unknown, invoke: Invoke, batchSize?: number): Promise<Ended> {
  const definition = await readDefinition();
  const { Collect } = definition.States;
  const map =
    batchSize === undefined
      ? Collect
      : { ...Collect, ItemBatcher: { ...Collect.ItemBatcher, MaxItemsPerBatch: batchSize } };
  const task = (parameters: unknown) => invokeAsLambda(parameters, invoke);
  const states = ["Plan", "ReadRegistries", "Conclude"];
  const options: RunOptions = {
    overrides: {
      taskResourceLocalHandlers: {
        ...Object.fromEntries(states.map((name) => [name, task])),
        Collect: (parameters) => runDistributedMap(map, parameters, options),
      },
      retryIntervalOverrides: Object.fromEntries(states.map((name) => [name, 0])),
    },
  };
  const machine = new StateMachine(
    asEngineTakesIt({ ...definition, States: { ...definition.States, Collect: asTask(map) } }),
    { validationOptions: { noValidate: true } },
  );
  try {
    return { end: "succeeded", output: await machine.run(z.json().parse(input), options).result };
  } catch (error) {
    const { name, message } =
      error instanceof Error && error.cause instanceof Error ? error.cause : new Error(String(error));
    return { end: "failed", error: name, cause: message };
  }
}

const parametersSchema = z.strictObject({
  FunctionName: z.enum(fleetFunctions.map(functionArn)),
  Payload: z.json(),
});

/** What a state takes and gives at most (AWS Step Functions developer guide, "Service quotas", November 2026). */
const mostBytes = 262_144;

/** As the integration with Lambda does it: JSON in, JSON out, with more around it than the function's answer. */
async function invokeAsLambda(parameters: unknown, invoke: Invoke) {
  const { FunctionName, Payload } = parametersSchema.parse(parameters);
  const name = fleetFunctions.find((candidate) => functionArn(candidate) === FunctionName);
  if (name === undefined) throw new Error(`${FunctionName} is no function of the fleet`);
  refuseTooLarge(Payload);
  const answer = z.json().parse(JSON.parse(JSON.stringify(await invoke(name, Payload))));
  refuseTooLarge(answer);
  return { ExecutedVersion: "$LATEST", Payload: answer, StatusCode: 200 };
}

function refuseTooLarge(value: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > mostBytes) throw stateMachineError("States.DataLimitExceeded", `${bytes} bytes`);
}
