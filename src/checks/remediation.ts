import type { RequiredUpstream } from "./required-rule/text.ts";
import type { Kinds } from "./verdict.ts";

/** An action that remediates a failure without further data; see {@link RemediationAction}. */
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

/** An action that gives a registry a required rule, and what that rule must cache. */
type RequiredRuleAction = {
  readonly action: "create" | "give-required-upstream";
  readonly required: RequiredUpstream;
};

/**
 * The action that remediates a finding. `instruct`: a person must do it, because no call of the pull through cache API
 * can, or because the policy does not determine which one. `never-fails`: the kind is not a failure.
 */
export type RemediationAction = RequiredRuleAction | { readonly action: PlainAction };

/**
 * The action for each kind of a check: its name, or a function of the kind's data if the action needs data.
 * Does not compile if a kind lacks one.
 */
export type CheckRemediation<K extends Kinds> = {
  readonly [Kind in keyof K]: PlainAction | ((data: K[Kind]) => RequiredRuleAction);
};

/**
 * The actions of a check that cannot evaluate planned changes. A plan cannot verify that a call fixes its failures, so
 * all of them are remediated by a person.
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
