import type { RequiredUpstream } from "./required-rule/text.ts";
import type { Kinds } from "./verdict.ts";

/** What remediates a failure without further data; see {@link RemediationAction}. */
type PlainAction =
  | "delete"
  | "narrow-scope"
  | "rename"
  | "rename-or-delete"
  | "give-credential"
  | "take-credential-off"
  | "give-role"
  | "take-role-off"
  | "instruct"
  | "never-fails";

/** What gives a registry a rule that the policy requires, and what that rule must cache. */
type RequiredRuleAction = {
  readonly action: "create" | "give-required-upstream";
  readonly required: RequiredUpstream;
};

/**
 * What remediates a finding. `instruct`: people do, because no call of the pull through cache API does, or because
 * the policy leaves open which one. `never-fails`: the kind is not a failure.
 */
export type RemediationAction = RequiredRuleAction | { readonly action: PlainAction };

/**
 * The action for each kind of a check: its name, or a function of the kind's data where the action needs data.
 * Does not compile when a kind lacks one.
 */
export type CheckRemediation<K extends Kinds> = {
  readonly [Kind in keyof K]: PlainAction | ((data: K[Kind]) => RequiredRuleAction);
};

/**
 * The actions of a check that cannot be evaluated on a planned change. A plan could not tell whether a call
 * remediates its failures, so people remediate all of them.
 */
export type Instructions<K extends Kinds> = {
  readonly [Kind in keyof K]: "instruct" | "never-fails";
};

/** The action for one kind with its data. */
export function actionFor<K extends Kinds, Kind extends keyof K>(
  remediation: CheckRemediation<K>,
  { kind, data }: { readonly kind: Kind; readonly data: K[Kind] },
): RemediationAction {
  const action: CheckRemediation<K>[Kind] = remediation[kind];
  return typeof action === "function" ? action(data) : { action };
}
