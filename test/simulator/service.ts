import type { z } from "zod";
import type { Place } from "./arn.ts";
import type { AwsError } from "./aws-error.ts";
import { type Dialect, refusal } from "./dialect.ts";
import type { ServiceName, ShapingEffect } from "./faults.ts";
import type { Caller, KeyRing } from "./key-ring.ts";
import type { Memory } from "./memory.ts";
import type { PageShape } from "./pagination.ts";
import type { Protocol } from "./wire/protocol.ts";
import type { World } from "./world.ts";

/** A simulated AWS service. */
export interface Service {
  readonly name: ServiceName;
  readonly protocol: Protocol;
  readonly dialect: Dialect;
  /** Whether the service refuses callers whose account has the region disabled. */
  readonly isRegional: boolean;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** The context of a call besides its input. */
export interface CallContext {
  readonly world: World;
  readonly memory: Memory;
  readonly keys: KeyRing;
  readonly caller: Caller;
  /** The region of the credential scope. */
  readonly region: string;
  readonly now: Date;
  readonly shaping: readonly ShapingEffect[];
}

/** One operation: checks its input, then answers. */
export type Operation = (rawInput: unknown, call: CallContext, dialect: Dialect) => unknown;

/** Defines an operation from the schema of its input and its handler. */
export function operation<Input extends z.ZodType>(
  input: Input,
  answer: (input: z.output<Input>, call: CallContext) => unknown,
): Operation {
  return (rawInput, call, dialect) => {
    const checked = input.safeParse(rawInput);
    if (checked.success) return answer(checked.data, call);
    throw invalidInput(checked.error.issues[0], dialect);
  };
}

/** The account and region of the caller's resources. */
export function placeOf({ world, caller, region }: CallContext): Place {
  return { partition: world.partition, accountId: caller.accountId, region };
}

/** The required shape of this answer if it is a page. */
export function pageShapeOf(call: CallContext): PageShape {
  const fault = call.shaping.find(({ kind }) => kind === "page" || kind === "empty-page");
  return fault?.kind === "page" ? fault.shape : fault === undefined ? "whole" : "empty";
}

function invalidInput(issue: z.core.$ZodIssue | undefined, dialect: Dialect): AwsError {
  if (issue?.code === "unrecognized_keys") {
    return refusal(dialect, "unknownParameter", `Unknown parameter: ${issue.keys.join(", ")}`);
  }
  const member = issue?.path.join(".") ?? "";
  return refusal(
    dialect,
    "invalidInput",
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${issue?.message ?? ""}`,
  );
}
