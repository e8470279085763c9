import type { UnreadableReason } from "./evidence.ts";

/** Why a fact is unknown: it could not be read from AWS, or the check that uses it failed. */
type UnknownReason = UnreadableReason | "check-error";

/** The texts for one reason. They hold for any number of accounts, regions and operations. */
type ReasonAdvice = {
  /** What happened, in a few words. */
  readonly title: string;
  /** What to do about it, in whole sentences. */
  readonly advice: string;
};

/** The advice for each reason. Coverage gaps and findings share this table. */
export const reasonAdvice = {
  "access-denied": {
    title: "Access denied",
    advice:
      "Allow this operation in the IAM policy of the auditor's role. The AWS managed policy SecurityAudit is not sufficient.",
  },
  "denied-by-scp": {
    title: "Denied by a service control policy",
    advice:
      "Exempt the auditor's role from the service control policy, or exclude the region from the audit's scope.",
  },
  "role-not-assumable": {
    title: "The auditor's role cannot be assumed",
    advice:
      "Create the role in the account, and allow the auditing account to assume it with the configured external ID.",
  },
  "region-disabled": {
    title: "The region is disabled",
    advice: "Enable the region in the account, or exclude it from the audit's scope.",
  },
  throttled: {
    title: "Throttled by AWS",
    advice: "Reduce the audit's concurrency, or schedule it at a time with less API traffic.",
  },
  timeout: {
    title: "Request timed out",
    advice: "Run the audit again. If it still times out, check the network path to the region.",
  },
  deadline: {
    title: "The audit ran out of time",
    advice: "Raise the concurrency or the function's timeout, narrow the audit's scope, or use fleet mode.",
  },
  "service-error": {
    title: "AWS returned an error",
    advice: "Run the audit again. If the error persists, check its message and the AWS Health Dashboard.",
  },
  "not-collected": {
    title: "Not collected",
    advice: "Run the audit again with the current policy. An audit collects only what its policy needs.",
  },
  "check-error": {
    title: "A check failed to run",
    advice: "This is a bug in pull-through-auditor. Report it with this message.",
  },
} as const satisfies Record<UnknownReason, ReasonAdvice>;
