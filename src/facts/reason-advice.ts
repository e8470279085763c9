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
  "denied-by-rcp": {
    title: "Denied by a resource control policy",
    advice:
      "Exempt the auditor's role in the resource control policy of the organization. A permission of the role cannot override it.",
  },
  "denied-by-vpc-endpoint-policy": {
    title: "Denied by a VPC endpoint policy",
    advice:
      "Allow this operation in the policy of the VPC endpoint that the auditor's calls pass, or run the auditor outside of that VPC.",
  },
  "denied-by-permissions-boundary": {
    title: "Denied by a permissions boundary",
    advice:
      "Allow this operation in the permissions boundary of the auditor's role. A permission of the role cannot override it.",
  },
  "denied-by-session-policy": {
    title: "Denied by a session policy",
    advice:
      "Allow this operation in the session policy that the auditor's session was opened with, or open the session without one.",
  },
  "role-not-assumable": {
    title: "The auditor's role cannot be assumed",
    advice:
      "The usual causes: the stack of deploy/member-role.yml is missing in the account, it was deployed with another external ID than AUDIT_EXTERNAL_ID, or the role trusts another auditing account. Deploy or update the stack.",
  },
  "sts-not-activated": {
    title: "AWS STS is not activated in the auditor's region",
    advice:
      "Activate the AWS STS endpoint of the auditor's region in the account (IAM console, Account settings), or run the auditor in a region that is enabled by default.",
  },
  "account-not-ready": {
    title: "The account is not ready yet",
    advice:
      "AWS has not finished setting up the account. Run the audit again later; nothing has to be enabled.",
  },
  "account-state-unknown": {
    title: "The state of the account is unknown",
    advice:
      "Run the audit again. If the state stays unknown, look at the account in the AWS Organizations console: exclude it with scope.excludeAccounts if it is not in use, or audit it with a policy that lists it in scope.accounts.",
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
