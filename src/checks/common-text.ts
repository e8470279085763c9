import type { UnreadableReason } from "../facts/evidence.ts";
import { reasonAdvice } from "../facts/reason-advice.ts";
import type { Prose } from "./verdict.ts";

/** The kinds of verdict that every check can return, with their data. */
export type CommonKinds = {
  passes: Record<string, never>;
  "not-demanded": Record<string, never>;
  "evidence-unreadable": { reason: UnreadableReason; operation: string; detail: string };
  "check-crashed": { error: string };
};

const commonKinds = {
  passes: true,
  "not-demanded": true,
  "evidence-unreadable": true,
  "check-crashed": true,
} satisfies Record<keyof CommonKinds, true>;

/** Whether every check can return a verdict of this kind. */
export function isCommonKind(kind: PropertyKey): kind is keyof CommonKinds {
  return Object.hasOwn(commonKinds, kind);
}

/** Without these, nothing of an account's registries can be read. */
const accountOperations = ["sts:AssumeRole", "account:ListRegions", "ecr:DescribePullThroughCacheRules"];

/** The texts of the kinds that every check can return. `title` is the title of the check. */
export function commonProse(title: string): {
  readonly [Kind in keyof CommonKinds]: Prose<CommonKinds[Kind]>;
} {
  return {
    passes: {
      title,
      message: () => "Complies with the policy.",
      remediation: () => "No action needed.",
    },
    "not-demanded": {
      title,
      message: () => "The policy does not require this here.",
      remediation: () => "No action needed.",
    },
    "evidence-unreadable": {
      title: `Could not evaluate: ${title}`,
      message: ({ operation, reason, detail }) => `${operation} could not be read (${reason}): ${detail}`,
      remediation: ({ reason }) => reasonAdvice[reason].advice,
      causes: [
        {
          kind: "account",
          by: null,
          within: "account",
          when: ({ operation }) => accountOperations.some((one) => one === operation),
        },
        { kind: "permission", by: "operation", within: "account" },
      ],
    },
    "check-crashed": {
      title: `Check failed to run: ${title}`,
      message: ({ error }) => `The check threw an error: ${error}`,
      remediation: () => reasonAdvice["check-error"].advice,
    },
  };
}
