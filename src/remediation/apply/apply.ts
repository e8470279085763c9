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

/** What applying a plan needs. */
export type ApplyOptions = {
  /** The digest of the plan, which identifies it in the journal. */
  readonly planDigest: string;
  /** The journal entries of earlier runs of this plan. */
  readonly history: readonly JournalEntry[];
  readonly journal: Journal;
  readonly openWriter: (registry: Pick<RegistryPlan, "account" | "region">) => RegistryWriter;
  readonly clock: Clock;
  readonly confirmAfterMs: number;
  readonly allowReplace: boolean;
  readonly allowDelete: boolean;
  /** Formats the title of a change. */
  readonly titleOf: (change: RuleChange) => string;
  /** Called when a step has ended. */
  readonly onStep: (result: StepResult) => void;
  /** No step begins after it is aborted. The step that is being applied is completed. */
  readonly interrupted: AbortSignal;
};

/**
 * Applies a plan, one registry and one step at a time. Each step is written to the journal before it begins and after it
 * ends. If an earlier run began a step, its result in AWS is read first.
 *
 * @returns whether every step is applied and every rule is valid
 */
export async function applyPlan({ registries }: RemediationPlan, options: ApplyOptions): Promise<boolean> {
  let isWhole = true;
  for (const registry of registries) {
    if (options.interrupted.aborted) return false;
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
    if (options.interrupted.aborted) return false;
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

/** Why a change is not made; `null` if it is allowed. */
export function withheldBecause(
  change: RuleChange,
  { allowReplace, allowDelete }: Pick<ApplyOptions, "allowReplace" | "allowDelete">,
): string | null {
  const { kind } = operationOfChange(change);
  if (kind === "replace" && !allowReplace) return "rules are replaced only with --allow-replace";
  if (kind === "delete" && !allowDelete) return "rules are deleted only with --allow-delete";
  return null;
}
