import { ruleFieldNames, ruleFields } from "../ecr/rule.ts";
import type { Drift } from "../schemas/report.ts";

/** A field of a rule, before and after; `null` if the rule has no value or does not exist. */
export type ChangedField = {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** Returns the fields of a rule that changed. */
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
