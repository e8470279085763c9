import type { UnreadableReason } from "../facts/evidence.ts";
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
      remediation: ({ operation, reason }) => remediationOf(reason, operation),
    },
    "check-crashed": {
      title: `Check failed to run: ${title}`,
      message: ({ error }) => `The check itself failed: ${error}`,
      remediation: () => "This is a defect of pull-through-auditor: report it with this message.",
    },
  };
}

function remediationOf(reason: UnreadableReason, operation: string): string {
  switch (reason) {
    case "access-denied":
      return `Allow ${operation} to the auditor's role in this account (AWS's managed SecurityAudit policy does not).`;
    case "denied-by-scp":
      return `A service control policy denies ${operation} here: exempt the auditor's role, or leave the region out of the policy's scope.`;
    case "role-not-assumable":
      return "Create the auditor's role in this account, and let the auditing account assume it with the external id in use.";
    case "region-disabled":
      return "Enable the region in this account, or leave it out of the policy's scope.";
    case "throttled":
      return "AWS throttled the calls to this registry: run the audit again, or lower its concurrency.";
    case "timeout":
      return "AWS did not answer in time: run the audit again.";
    case "deadline":
      return "The audit ran out of time before this registry: raise the function's timeout, or use the fleet mode.";
    case "service-error":
      return "AWS answered with an error: run the audit again, and look at the AWS Health Dashboard when it stays.";
    case "not-collected":
      return "Collect this fact: audit again with the policy in use.";
  }
}
