import type { Clock, RegistryWriter } from "../../audit/ports.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import type {
  RegistryPlan,
  RemediationPlan,
  RuleChange,
  StepResult,
} from "../../schemas/remediation-plan.ts";
import { operationOfChange } from "../rule-operation.ts";
import { changedSince } from "./acceptable.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { carryOut, type StepEnd } from "./step.ts";

/** How a plan is carried out. */
export type ApplyOptions = {
  /** The plan's fingerprint, by which the journal knows it. */
  readonly planDigest: string;
  /** What runs before wrote down of this plan. */
  readonly history: readonly JournalEntry[];
  readonly journal: Journal;
  readonly openWriter: (place: Pick<RegistryPlan, "account" | "region">) => RegistryWriter;
  readonly clock: Clock;
  readonly confirmAfterMs: number;
  readonly allowReplace: boolean;
  readonly allowDelete: boolean;
  /** What a change is called. */
  readonly titleOf: (change: RuleChange) => string;
  /** Told of each step when it has ended. */
  readonly onStep: (result: StepResult) => void;
};

/**
 * Carries out a plan, one registry and one step after the other. Each step is in the journal before it begins and
 * when it has ended; one that was begun in a run before is looked at in AWS first.
 *
 * @returns whether all of it is applied and valid
 */
export async function applyPlan({ registries }: RemediationPlan, options: ApplyOptions): Promise<boolean> {
  let isWhole = true;
  for (const registry of registries) {
    const isRegistryWhole = await applyToRegistry(registry, options);
    isWhole &&= isRegistryWhole;
  }
  return isWhole;
}

async function applyToRegistry(registry: RegistryPlan, options: ApplyOptions): Promise<boolean> {
  const { account, region, changes } = registry;
  const writer = options.openWriter(registry);
  const begun = new Set(
    options.history
      .filter((entry) => entry.account === account && entry.region === region)
      .map(({ step }) => step),
  );
  let isWhole = true;
  for (const [step, change] of changes.entries()) {
    const end = await applyStep(registry, { step, change, writer, begun }, options);
    options.onStep({ account, region, title: options.titleOf(change), ...end });
    isWhole &&= end.outcome === "applied";
  }
  return isWhole;
}

type Step = {
  readonly step: number;
  readonly change: RuleChange;
  readonly writer: RegistryWriter;
  readonly begun: Set<number>;
};

async function applyStep(
  registry: RegistryPlan,
  { step, change, writer, begun }: Step,
  options: ApplyOptions,
): Promise<StepEnd> {
  const withheld = withheldBecause(change, options);
  if (withheld !== null) return { outcome: "skipped", detail: withheld };
  const read = await writer.listRules();
  if (read.state === "unreadable") {
    return {
      outcome: "refused",
      detail: `${read.operation} could not be read (${read.reason}): ${read.detail}`,
    };
  }
  const rules: readonly PlannedRule[] = read.state === "present" ? read.value : [];
  const changed = changedSince(registry, rules, (other) => begun.has(other));
  if (changed.length > 0) {
    return {
      outcome: "refused",
      detail: `the registry's rules changed since the plan was made (${changed.join(", ")}): plan again`,
    };
  }
  const { clock, confirmAfterMs, journal, planDigest } = options;
  const isBegun = begun.has(step);
  const write = (event: JournalEntry["event"], detail: string | null): Promise<void> => {
    const { account, region } = registry;
    return journal.append({
      plan: planDigest,
      at: clock.now().toISOString(),
      account,
      region,
      step,
      event,
      detail,
    });
  };
  await write("begun", null);
  begun.add(step);
  const end = await carryOut(change, { writer, clock, confirmAfterMs, rules, isBegun });
  if (end.outcome !== "skipped" && end.outcome !== "refused") await write(end.outcome, end.detail);
  return end;
}

function withheldBecause(change: RuleChange, { allowReplace, allowDelete }: ApplyOptions): string | null {
  const { kind } = operationOfChange(change);
  if (kind === "replace" && !allowReplace) return "rules are replaced only with --allow-replace";
  if (kind === "delete" && !allowDelete) return "rules are deleted only with --allow-delete";
  return null;
}
