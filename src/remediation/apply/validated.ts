import type { StepContext } from "./step.ts";

/** The result of validating a rule that was just changed. */
export type Verdict =
  | { readonly state: "valid"; readonly detail: string | null }
  | { readonly state: "invalid" | "unknown"; readonly detail: string };

/**
 * Validates a rule. A failed validation is repeated once after a wait, because a new secret is not found for a few
 * seconds. A rule that AWS declines to validate counts as valid, because an audit does not report it as a failure.
 */
export async function validated(prefix: string, context: StepContext): Promise<Verdict> {
  const first = await verdictOn(prefix, context);
  if (first.state !== "invalid") return first;
  await context.clock.sleep(context.confirmAfterMs);
  return verdictOn(prefix, context);
}

async function verdictOn(prefix: string, { writer }: StepContext): Promise<Verdict> {
  const validation = await writer.validateRule(prefix);
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
        case "invalid":
          return { state: "invalid", detail: validation.value.failure };
      }
  }
}
