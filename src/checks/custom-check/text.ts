import type { CustomCheck } from "../../policy/sections/custom-checks.ts";
import type { CheckText } from "../verdict.ts";

export type CustomCheckKinds = {
  "assertion-failed": Record<string, never>;
  "assertion-undecided": { error: string };
};

/** The texts of a custom check, taken from the policy. */
export function customCheckText({
  title,
  message,
  remediation,
  assert,
}: CustomCheck): CheckText<CustomCheckKinds> {
  return {
    title,
    failsWhen: `this expression is false: \`${assert}\``,
    kinds: {
      "assertion-failed": { title, message: () => message, remediation: () => remediation },
      "assertion-undecided": {
        title: `Could not evaluate: ${title}`,
        message: ({ error }) => `The expression of this check cannot be evaluated here: ${error}`,
        remediation: () =>
          "Handle this case in the expression, for example by checking for an empty string first: see docs/custom-checks.md.",
      },
    },
  };
}
