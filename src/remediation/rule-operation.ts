import type { PlannedRule } from "../ecr/rule.ts";
import type { RuleChange } from "../schemas/remediation-plan.ts";
import { ruleText } from "./plan/fingerprint.ts";

/** What a change does to a rule. */
export type RuleOperation =
  | { readonly kind: "create"; readonly before: null; readonly after: PlannedRule }
  | { readonly kind: "update" | "replace"; readonly before: PlannedRule; readonly after: PlannedRule }
  | { readonly kind: "delete"; readonly before: PlannedRule; readonly after: null };

/**
 * The operation that turns `before` into `after`, determined only by their contents. UpdatePullThroughCacheRule changes a
 * credential or role but cannot remove one. Every other difference requires a new rule (Amazon ECR API reference,
 * November 2026).
 *
 * @returns `null` if nothing changes
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

/** The operation of a planned change. @throws Error if it changes nothing; reading a plan rejects such changes */
export function operationOfChange({ before, after }: Pick<RuleChange, "before" | "after">): RuleOperation {
  const operation = operationOf(before, after);
  if (operation === null) throw new Error("a planned change does nothing");
  return operation;
}
