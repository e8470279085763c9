import type { Clock, RegistryWriter } from "../../audit/ports.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { accessChange } from "../../ecr/rule.ts";
import type { RuleChange, StepOutcome } from "../../schemas/remediation-plan.ts";
import { ruleText } from "../plan/fingerprint.ts";
import { operationOfChange, type RuleOperation } from "../rule-operation.ts";
import { create, Refused, remove, Unconfirmed, update } from "./calls.ts";
import { validated } from "./validated.ts";

/** What applying a step needs. */
export type StepContext = {
  readonly writer: RegistryWriter;
  readonly clock: Clock;
  /** The wait before a failed validation is repeated, and the longest wait between two reads; in milliseconds. */
  readonly confirmAfterMs: number;
  /** The registry's rules right before the step. */
  readonly rules: readonly PlannedRule[];
  /** Whether an earlier run began this step and may have changed the rule. */
  readonly isBegun: boolean;
};

/** The result of a step. */
export type StepEnd = { readonly outcome: StepOutcome; readonly detail: string | null };

/**
 * Applies one change, continuing from the state in which an earlier run left it: reads the rule, makes the missing calls,
 * reads the rule back, validates it, and rolls back if the validation fails. The operation follows from `before` and
 * `after`, never from `action`. Never throws for an AWS error; the error becomes the outcome.
 */
export async function carryOut(change: RuleChange, context: StepContext): Promise<StepEnd> {
  const operation = operationOfChange(change);
  if (operation.kind === "delete") return attempt([], () => removeIfThere(context, operation.before));
  const { before, after } = operation;
  const there = context.rules.find((rule) => rule.ecrRepositoryPrefix === after.ecrRepositoryPrefix);
  const isDone = there !== undefined && ruleText(there) === ruleText(after);
  const undo: Undoing[] = context.isBegun ? inherited(operation, isDone, context) : [];
  if (!isDone) {
    const made = await attempt(undo, () => bringAbout(operation, there, context, undo));
    if (made.outcome !== "applied") return made;
  }
  const verdict = await validated(after, context);
  if (verdict.state === "unknown") return { outcome: "unconfirmed", detail: verdict.detail };
  if (verdict.state === "invalid") return takeBack(undo, `the rule does not validate: ${verdict.detail}`);
  if (before !== null && isRenamed(operation)) return attempt([], () => removeIfThere(context, before));
  return { outcome: "applied", detail: verdict.detail };
}

type Making = Exclude<RuleOperation, { kind: "delete" }>;

/** Rolls back one call. */
type Undoing = () => Promise<void>;

/** Creates, updates or replaces a rule that is not as wanted. `there` is the rule that has its prefix now. */
async function bringAbout(
  operation: Making,
  there: PlannedRule | undefined,
  context: StepContext,
  undo: Undoing[],
): Promise<void> {
  const { before, after } = operation;
  if (operation.kind === "update") {
    await update(context, after, accessChange(operation.before, after));
    undo.push(() => updateBack(operation, context));
    return;
  }
  if (there !== undefined) {
    // Only the rule that the change replaces may be deleted, regardless of what the plan says.
    if (before === null || ruleText(there) !== ruleText(before)) {
      throw new Refused(`another rule has the prefix ${after.ecrRepositoryPrefix}: plan again`);
    }
    await makeRoom(there, context);
    undo.push(() => create(context, there));
  }
  await create(context, after);
  undo.push(() => remove(context, after));
}

/** Deletes a rule to replace it. The creation of its successor shows whether it is gone, without waiting for a read. */
async function makeRoom(rule: PlannedRule, context: StepContext): Promise<void> {
  try {
    await remove(context, rule);
  } catch (error) {
    if (!(error instanceof Unconfirmed)) throw error;
  }
}

/** The rollbacks for the calls that an earlier run made for this change. */
function inherited(operation: Making, isDone: boolean, context: StepContext): Undoing[] {
  const { before, after } = operation;
  if (operation.kind === "update") return isDone ? [() => updateBack(operation, context)] : [];
  const remake: Undoing[] =
    before === null || isRenamed(operation) || isUntouched(before, context)
      ? []
      : [() => create(context, before)];
  return isDone ? [...remake, () => remove(context, after)] : remake;
}

function isUntouched(before: PlannedRule, { rules }: StepContext): boolean {
  return rules.some((rule) => ruleText(rule) === ruleText(before));
}

function isRenamed({ before, after }: Making): boolean {
  return before !== null && before.ecrRepositoryPrefix !== after.ecrRepositoryPrefix;
}

/** @throws Refused if the rule had none before: ECR cannot remove a credential or a role from a rule */
async function updateBack(
  { before, after }: Extract<Making, { kind: "update" | "replace" }>,
  context: StepContext,
): Promise<void> {
  const change = accessChange(after, before);
  if (change.credentialArn === null && change.customRoleArn === null) {
    throw new Refused("ECR cannot remove a credential or a role from a rule: the rule stays as it is now");
  }
  await update(context, before, change);
}

async function attempt(undo: readonly Undoing[], work: () => Promise<void>): Promise<StepEnd> {
  try {
    await work();
    return { outcome: "applied", detail: null };
  } catch (error) {
    if (error instanceof Unconfirmed) return { outcome: "unconfirmed", detail: error.message };
    if (!(error instanceof Refused)) throw error;
    return takeBack(undo, error.message);
  }
}

/** Rolls back the calls of a failed step, the last one first. Without any calls, the step failed. */
async function takeBack(undo: readonly Undoing[], why: string): Promise<StepEnd> {
  if (undo.length === 0) return { outcome: "failed", detail: why };
  try {
    for (const step of undo.toReversed()) await step();
    return { outcome: "undone", detail: why };
  } catch (error) {
    if (error instanceof Unconfirmed) {
      return {
        outcome: "failed",
        detail: `${why}. The rollback is not confirmed: ${error.message}`,
      };
    }
    if (!(error instanceof Refused)) throw error;
    return { outcome: "failed", detail: `${why}. The rollback failed too: ${error.message}` };
  }
}

async function removeIfThere(context: StepContext, rule: PlannedRule): Promise<void> {
  const isThere = context.rules.some((other) => other.ecrRepositoryPrefix === rule.ecrRepositoryPrefix);
  if (isThere) await remove(context, rule);
}
