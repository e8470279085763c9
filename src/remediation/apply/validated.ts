import { isFailureOf } from "../../checks/rule-validation/failures.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { recognizeUpstream } from "../../ecr/upstream.ts";
import type { StepContext } from "./step.ts";

/** The result of validating a rule that was just changed. */
export type Verdict =
  | { readonly state: "valid"; readonly detail: string | null }
  | { readonly state: "invalid" | "unknown"; readonly detail: string };

/**
 * Validates a rule. A failed validation is repeated once after a wait, because a new secret is not found for a few
 * seconds. A rule that AWS declines to validate counts as valid, and so does one whose failure says nothing of it, because an
 * audit does not report these as failures.
 */
export async function validated(rule: PlannedRule, context: StepContext): Promise<Verdict> {
  const first = await verdictOn(rule, context);
  if (first.state !== "invalid") return first;
  await context.clock.sleep(context.confirmAfterMs);
  return verdictOn(rule, context);
}

async function verdictOn(rule: PlannedRule, { writer }: StepContext): Promise<Verdict> {
  const validation = await writer.validateRule(rule.ecrRepositoryPrefix);
  switch (validation.state) {
    case "unreadable":
      return {
        state: "unknown",
        detail: `${validation.operation} (${validation.reason}): ${validation.detail}`,
      };
    case "absent":
      return { state: "unknown", detail: "the rule was deleted before it could be validated" };
    case "present":
      switch (validation.value.outcome) {
        case "valid":
          return { state: "valid", detail: null };
        case "declined":
          return { state: "valid", detail: `AWS does not validate it: ${validation.value.detail}` };
        case "invalid": {
          const { failure } = validation.value;
          const upstreamRegistry = recognizeUpstream(rule.upstreamRegistryUrl);
          return isFailureOf({ ...rule, upstreamRegistry }, failure)
            ? { state: "invalid", detail: failure }
            : { state: "valid", detail: `AWS does not validate it: ${failure}` };
        }
      }
  }
}
