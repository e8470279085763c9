import type { CustomCheck } from "../../policy/sections/custom-checks.ts";
import type { CheckText } from "../verdict.ts";

export type CustomCheckKinds = {
  "assertion-failed": Record<string, never>;
  "assertion-undecided": { error: string };
};

/** The words of a check of the policy's own, which are those that the policy gives it. */
export function customCheckText({
  title,
  message,
  remediation,
  assert,
}: CustomCheck): CheckText<CustomCheckKinds> {
  return {
    title,
    failsWhen: `this does not hold: \`${assert}\``,
    kinds: {
      "assertion-failed": { title, message: () => message, remediation: () => remediation },
      "assertion-undecided": {
        title: `Cannot tell: ${title}`,
        message: ({ error }) => `The expression of this check can not be worked out here: ${error}`,
        remediation: () =>
          "Let the expression allow for this case, as by asking first whether a text is empty: see docs/custom-checks.md.",
      },
    },
  };
}
