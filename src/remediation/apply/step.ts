import type { Clock, RegistryWriter } from "../../audit/ports.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { accessChange } from "../../ecr/rule.ts";
import type { RuleChange, StepOutcome } from "../../schemas/remediation-plan.ts";
import { ruleText } from "../plan/fingerprint.ts";
import { operationOfChange, type RuleOperation } from "../rule-operation.ts";
import { create, Refused, remove, Unconfirmed, update } from "./calls.ts";
import { validated } from "./validated.ts";

/** How a step is carried out. */
export type StepContext = {
  readonly writer: RegistryWriter;
  readonly clock: Clock;
  /** How long after a failed validation it is asked again, and the longest wait between two reads back; milliseconds. */
  readonly confirmAfterMs: number;
  /** The registry's rules right before the step. */
  readonly rules: readonly PlannedRule[];
  /** Whether this step was begun in a run before, so that what is there may be its own doing. */
  readonly isBegun: boolean;
};

/** What became of a step. */
export type StepEnd = { readonly outcome: StepOutcome; readonly detail: string | null };

/**
 * Carries out one change, from wherever a run before may have left it: looks at what is there, does what is missing,
 * reads the rule back, validates it, and takes back what it did when that fails. What it does follows from before and
 * after, never from the change's word. Does not throw for AWS's trouble.
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
  const verdict = await validated(after.ecrRepositoryPrefix, context);
  if (verdict.state === "unknown") return { outcome: "unconfirmed", detail: verdict.detail };
  if (verdict.state === "invalid") return takeBack(undo, `the rule does not validate: ${verdict.detail}`);
  if (before !== null && isRenamed(operation)) return attempt([], () => removeIfThere(context, before));
  return { outcome: "applied", detail: verdict.detail };
}

type Making = Exclude<RuleOperation, { kind: "delete" }>;

/** One thing that takes back a call. */
type Undoing = () => Promise<void>;

/** Brings a rule about that is not there as it is wanted. `there` is what stands in its place. */
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
    // Whatever the plan says: none but the rule that is to be replaced makes room.
    if (before === null || ruleText(there) !== ruleText(before)) {
      throw new Refused(`another rule stands at ${after.ecrRepositoryPrefix}: plan again`);
    }
    await makeRoom(there, context);
    undo.push(() => create(context, there));
  }
  await create(context, after);
  undo.push(() => remove(context, after));
}

/** Deletes a rule. Whether it is gone shows when its successor is created, which must not wait for a read that lags. */
async function makeRoom(rule: PlannedRule, context: StepContext): Promise<void> {
  try {
    await remove(context, rule);
  } catch (error) {
    if (!(error instanceof Unconfirmed)) throw error;
  }
}

/** What takes back what a run before did of the change. */
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

/** @throws Refused where the rule had none before: ECR takes neither a credential nor a role off a rule */
async function updateBack(
  { before, after }: Extract<Making, { kind: "update" | "replace" }>,
  context: StepContext,
): Promise<void> {
  const change = accessChange(after, before);
  if (change.credentialArn === null && change.customRoleArn === null) {
    throw new Refused("ECR takes neither a credential nor a role off a rule: it stays as it is now");
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

/** Takes back what was done of a step that failed, the last first. Where nothing was done, it just failed. */
async function takeBack(undo: readonly Undoing[], why: string): Promise<StepEnd> {
  if (undo.length === 0) return { outcome: "failed", detail: why };
  try {
    for (const step of undo.toReversed()) await step();
    return { outcome: "undone", detail: why };
  } catch (error) {
    if (error instanceof Unconfirmed) {
      return {
        outcome: "failed",
        detail: `${why}. That it was taken back is not confirmed: ${error.message}`,
      };
    }
    if (!(error instanceof Refused)) throw error;
    return { outcome: "failed", detail: `${why}. To take it back failed too: ${error.message}` };
  }
}

async function removeIfThere(context: StepContext, rule: PlannedRule): Promise<void> {
  const isThere = context.rules.some((other) => other.ecrRepositoryPrefix === rule.ecrRepositoryPrefix);
  if (isThere) await remove(context, rule);
}
