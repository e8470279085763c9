import { ruleFieldNames, ruleFields } from "../ecr/rule.ts";
import type { Drift } from "../schemas/report.ts";

/** One part of a rule, before and after; `null` where the rule has none, or is not there. */
export type ChangedField = {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** The parts in which a rule differs from what it was. */
export function changedFields({ before, after }: Drift): readonly ChangedField[] {
  return ruleFieldNames
    .filter((field) => field !== "ecrRepositoryPrefix")
    .map((field) => ({
      name: ruleFields[field].label,
      before: before?.[field] ?? null,
      after: after?.[field] ?? null,
    }))
    .filter((one) => one.before !== one.after);
}
