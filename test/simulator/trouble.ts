import { setTimeout as sleep } from "node:timers/promises";
import { parseArn } from "./arn.ts";
import { AwsError } from "./aws-error.ts";
import { denied } from "./denial.ts";
import { type Dialect, refusal } from "./dialect.ts";
import type { FaultBoard } from "./fault-board.ts";
import type { CallSubject, Effect, SessionEnd, ShapingEffect } from "./faults.ts";
import type { Caller } from "./key-ring.ts";

/** The message of AWS for unknown keys, and for all keys in a region that the account has disabled. */
export const INVALID_TOKEN = "The security token included in the request is invalid.";

/** The message of AWS for an expired session. */
export const EXPIRED_TOKEN = "The security token included in the request is expired";

/** A call without any answer. */
export class Unanswered extends Error {
  readonly how: "hang" | "reset-connection";

  constructor(how: "hang" | "reset-connection") {
    super(how);
    this.how = how;
  }
}

/** A call while faults are applied to it. */
export interface TroubledCall {
  readonly subject: CallSubject;
  readonly caller: Caller;
  readonly dialect: Dialect;
  readonly input: unknown;
  /** Ends the session that signed the call. */
  readonly endSession: (how: SessionEnd) => void;
}

/**
 * Applies the world's faults to a call, in the order of the world's list.
 *
 * @returns the effects that change the answer
 * @throws AwsError if the answer is an error, Unanswered if there is no answer
 */
export async function applyFaults(call: TroubledCall, faults: FaultBoard): Promise<ShapingEffect[]> {
  const shaping: ShapingEffect[] = [];
  for (const effect of faults.effectsOn(call.subject)) {
    switch (effect.kind) {
      case "delay":
        // Unreferenced: a long delay must not keep the simulator alive.
        await sleep(faults.millisecondsOf(effect), undefined, { ref: false });
        break;
      case "empty-page":
      case "page":
      case "spoil":
      case "change":
      case "fail-entries":
      case "without-effect":
      case "lag":
        shaping.push(effect);
        break;
      case "end-session":
        call.endSession(effect.how);
        break;
      case "hang":
      case "reset-connection":
        throw new Unanswered(effect.kind);
      default:
        throw errorOf(effect, call);
    }
  }
  return shaping;
}

/** The role of an AssumeRole call; `undefined` for every other call. */
export function roleAskedFor(input: unknown): string | undefined {
  return textIn(input, "RoleArn");
}

/** The `ecrRepositoryPrefix` that a call names. */
export function prefixAskedFor(input: unknown): string | undefined {
  return textIn(input, "ecrRepositoryPrefix");
}

/** The `repositoryName` that a call names. */
export function repositoryAskedFor(input: unknown): string | undefined {
  return textIn(input, "repositoryName");
}

/** The account that a call is about: the role's for AssumeRole, the caller's for everything else. */
export function accountAskedFor(input: unknown, caller: Caller): string {
  return parseArn(roleAskedFor(input) ?? "")?.accountId ?? caller.accountId;
}

type Refusing = Extract<
  Effect,
  {
    kind: "deny" | "throttle" | "internal-failure" | "refuse" | "expire-credentials" | "reject-credentials";
  }
>;

function errorOf(effect: Refusing, { subject, caller, dialect, input }: TroubledCall): AwsError {
  switch (effect.kind) {
    case "deny": {
      const action = `${subject.service}:${subject.operation}`;
      const resource = roleAskedFor(input) ?? "*";
      return denied(dialect, { ...effect, caller, action, resource });
    }
    case "throttle":
      return refusal(dialect, "throttled", "Rate exceeded");
    case "internal-failure":
      return new AwsError(dialect.internalFailure.code, "We encountered an internal error.", effect.status);
    case "refuse":
      return new AwsError(effect.code, effect.message, effect.status);
    case "expire-credentials":
      return refusal(dialect, "expiredCredentials", EXPIRED_TOKEN);
    case "reject-credentials":
      return refusal(dialect, "unknownKey", INVALID_TOKEN);
  }
}

function textIn(input: unknown, member: string): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const value: unknown = Reflect.get(input, member);
  return typeof value === "string" ? value : undefined;
}
