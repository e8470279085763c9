import type { StepContext } from "./step.ts";

/** What AWS says of a rule that was just changed. */
export type Verdict =
  | { readonly state: "valid"; readonly detail: string | null }
  | { readonly state: "invalid" | "unknown"; readonly detail: string };

/**
 * Validates a rule, and asks once more, a while later, when it fails: a secret that was just created is not found
 * for some seconds. A rule that AWS declines to validate counts as valid, as in an audit it is no failure.
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
      return { state: "unknown", detail: "the rule was gone when it was validated: somebody deleted it" };
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
