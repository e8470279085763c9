import type { UnreadableReason } from "./evidence.ts";

/** Why a fact is not known: AWS could not be read, or the check that asked for it failed. */
type UnknownReason = UnreadableReason | "check-error";

/** What people read of a reason. No text depends on how many accounts, regions or operations are concerned. */
type ReasonAdvice = {
  /** What happened, in a few words. */
  readonly title: string;
  /** What people can do about it, in whole sentences. */
  readonly advice: string;
};

/** The one table of advice for what is not known: coverage gaps and findings both use it. */
export const reasonAdvice = {
  "access-denied": {
    title: "Access denied",
    advice:
      "Allow this operation in the policy of the auditor's role. AWS's managed SecurityAudit policy is not enough.",
  },
  "denied-by-scp": {
    title: "Denied by a service control policy",
    advice: "Exempt the auditor's role from the policy, or leave the region out of the audit's scope.",
  },
  "role-not-assumable": {
    title: "The auditor's role cannot be assumed",
    advice:
      "Create the role in the account, and allow the auditing account to assume it with the external ID in use.",
  },
  "region-disabled": {
    title: "The region is disabled",
    advice: "Enable the region in the account, or leave it out of the audit's scope.",
  },
  throttled: {
    title: "Throttled by AWS",
    advice: "Lower the audit's concurrency, or run it at a quieter hour.",
  },
  timeout: {
    title: "No answer in time",
    advice: "Run the audit again. If the reason stays, check the network path to the region.",
  },
  deadline: {
    title: "The audit ran out of time",
    advice:
      "Raise the concurrency or the function's timeout, narrow the audit's scope, or use the fleet mode.",
  },
  "service-error": {
    title: "AWS answered with an error",
    advice: "Run the audit again. If the reason stays, see what AWS said, and the AWS Health Dashboard.",
  },
  "not-collected": {
    title: "Not collected",
    advice: "Run the audit again with the policy in use, because an audit collects what its policy asks for.",
  },
  "check-error": {
    title: "A check failed to run",
    advice: "This is a defect of pull-through-auditor: report it with this message.",
  },
} as const satisfies Record<UnknownReason, ReasonAdvice>;
