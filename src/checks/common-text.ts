import type { UnreadableReason } from "../facts/evidence.ts";
import { reasonAdvice } from "../facts/reason-advice.ts";
import type { Prose } from "./verdict.ts";

/** What every check can say. */
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

/** Whether `kind` is one that every check can say. */
export function isCommonKind(kind: PropertyKey): kind is keyof CommonKinds {
  return Object.hasOwn(commonKinds, kind);
}

/** The words for what every check can say; `title` is the check's own. */
export function commonProse(title: string): {
  readonly [Kind in keyof CommonKinds]: Prose<CommonKinds[Kind]>;
} {
  return {
    passes: {
      title,
      message: () => "As the policy demands.",
      remediation: () => "Nothing to do.",
    },
    "not-demanded": {
      title,
      message: () => "The policy makes no such demand here.",
      remediation: () => "Nothing to do.",
    },
    "evidence-unreadable": {
      title: `Cannot tell: ${title}`,
      message: ({ operation, reason, detail }) => `${operation} could not be read (${reason}): ${detail}`,
      remediation: ({ reason }) => reasonAdvice[reason].advice,
    },
    "check-crashed": {
      title: `Check failed to run: ${title}`,
      message: ({ error }) => `The check itself failed: ${error}`,
      remediation: () => reasonAdvice["check-error"].advice,
    },
  };
}
