import type { Advice } from "../core/advice.ts";
import type { RuleRef } from "../ecr/registry.ts";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { Unreadable } from "../facts/evidence.ts";
import type { Severity, Status } from "../schemas/finding.ts";
import type { CauseRule } from "./cause.ts";
import type { CommonKinds } from "./common-text.ts";

/** The kinds of verdict of a check: the name of each kind and its data. */
export type Kinds = Record<string, Record<string, unknown>>;

/** The texts for one kind. They are not escaped: each renderer escapes them for its own medium. */
export type Prose<Data> = {
  readonly title: string;
  readonly message: (data: Data, ref: RuleRef) => string;
  // As a method, it takes the data of a finding that was read from the state, whose shape is not known.
  remediation(data: Data, ref: RuleRef): Advice;
  /** The causes that it can share with other failures, the likeliest first. Default: none. */
  readonly causes?: readonly CauseRule<Data>[];
};

/** All texts of a check. Does not compile if a kind lacks its texts. */
export type CheckText<K extends Kinds> = {
  /** The requirement that the check evaluates, as a short title. */
  readonly title: string;
  /** The condition under which the check fails, as the end of "fails when …". */
  readonly failsWhen: string;
  readonly kinds: { readonly [Kind in keyof K]: Prose<K[Kind]> };
};

type VerdictOf<K extends Kinds> = {
  [Kind in keyof K]: {
    readonly status: Exclude<Status, "WAIVED">;
    readonly kind: Kind;
    readonly data: K[Kind];
    /** Distinguishes several failures of one check and prefix. It is part of the identity of findings. */
    readonly subject?: string;
    /** The severity of this verdict, whatever that of its check is. Default: that of the check. */
    readonly severity?: Severity;
  };
}[keyof K];

/** A verdict that every check can return. */
export type CommonVerdict = VerdictOf<CommonKinds>;

/** The verdict of a check: one of its own kinds, or a common kind. */
export type Verdict<K extends Kinds> = CommonVerdict | VerdictOf<K>;

/** A verdict on a registry as a whole, or on one prefix in it, which may not have a rule. */
export type RegistryVerdict<K extends Kinds> = Verdict<K> & { readonly prefix?: string };

/** One rule of the fleet, with its registry. */
export type FleetRule = { readonly target: Target; readonly rule: PullThroughCacheRule };

/** A verdict on one rule of the fleet. */
export type FleetVerdict<K extends Kinds> = { readonly of: FleetRule; readonly verdict: Verdict<K> };

/** The verdict of a check that passes. */
export const pass = { status: "PASS", kind: "passes", data: {} } as const;

/** The verdict if the policy does not require the check. */
export const notDemanded = { status: "NOT_APPLICABLE", kind: "not-demanded", data: {} } as const;

/** The verdict if a fact could not be read. */
export function unknownBecause(evidence: Unreadable): CommonVerdict {
  const { reason, operation, detail } = evidence;
  return { status: "UNKNOWN", kind: "evidence-unreadable", data: { reason, operation, detail } };
}
