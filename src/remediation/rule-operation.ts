import type { PlannedRule } from "../ecr/rule.ts";
import type { RuleChange } from "../schemas/remediation-plan.ts";
import { ruleText } from "./plan/fingerprint.ts";

/** What a change does to a rule. */
export type RuleOperation =
  | { readonly kind: "create"; readonly before: null; readonly after: PlannedRule }
  | { readonly kind: "update" | "replace"; readonly before: PlannedRule; readonly after: PlannedRule }
  | { readonly kind: "delete"; readonly before: PlannedRule; readonly after: null };

/**
 * What it takes to make `after` of `before`, by what they hold and by nothing else. UpdatePullThroughCacheRule gives a
 * rule another credential or role, and takes neither off; every other difference needs another rule (Amazon ECR API
 * reference, November 2026).
 *
 * @returns `null` when there is nothing to do
 */
export function operationOf(before: PlannedRule | null, after: PlannedRule | null): RuleOperation | null {
  if (before === null) return after === null ? null : { kind: "create", before, after };
  if (after === null) return { kind: "delete", before, after };
  if (ruleText(before) === ruleText(after)) return null;
  const updated = {
    ...before,
    credentialArn: after.credentialArn ?? before.credentialArn,
    customRoleArn: after.customRoleArn ?? before.customRoleArn,
  };
  return { kind: ruleText(updated) === ruleText(after) ? "update" : "replace", before, after };
}

/** What a planned change does. @throws Error for one that does nothing, which no plan that was read has */
export function operationOfChange({ before, after }: Pick<RuleChange, "before" | "after">): RuleOperation {
  const operation = operationOf(before, after);
  if (operation === null) throw new Error("a planned change does nothing");
  return operation;
}
