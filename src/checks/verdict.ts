import type { RuleRef } from "../ecr/registry.ts";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { Unreadable } from "../facts/evidence.ts";
import type { Status } from "../schemas/finding.ts";
import type { CommonKinds } from "./common-text.ts";

/** What a check can say: each kind's name and the data that belongs to it. */
export type Kinds = Record<string, Record<string, unknown>>;

/** The words for one kind. Nothing in them is escaped: each renderer escapes for its own medium. */
export type Prose<Data> = {
  readonly title: string;
  readonly message: (data: Data, ref: RuleRef) => string;
  readonly remediation: (data: Data, ref: RuleRef) => string;
};

/** All the words of a check. Does not compile when a kind lacks its own. */
export type CheckText<K extends Kinds> = {
  /** What the check demands, as a short title. */
  readonly title: string;
  /** When the check fails, as the end of "fails when …". */
  readonly failsWhen: string;
  readonly kinds: { readonly [Kind in keyof K]: Prose<K[Kind]> };
};

type VerdictOf<K extends Kinds> = {
  [Kind in keyof K]: {
    readonly status: Exclude<Status, "WAIVED">;
    readonly kind: Kind;
    readonly data: K[Kind];
    /** Tells apart several failures of one check and prefix: findings are identified by it. */
    readonly subject?: string;
  };
}[keyof K];

/** What every check can say, whatever it looks at. */
export type CommonVerdict = VerdictOf<CommonKinds>;

/** A check's answer: one of its own kinds, or one that every check can give. */
export type Verdict<K extends Kinds> = CommonVerdict | VerdictOf<K>;

/** A verdict on a registry as a whole, or on one prefix in it that may not have a rule. */
export type RegistryVerdict<K extends Kinds> = Verdict<K> & { readonly prefix?: string };

/** One rule among those of all registries. */
export type FleetRule = { readonly target: Target; readonly rule: PullThroughCacheRule };

/** A verdict on one rule of the fleet. */
export type FleetVerdict<K extends Kinds> = { readonly of: FleetRule; readonly verdict: Verdict<K> };

/** The answer of a check that is content. */
export const pass = { status: "PASS", kind: "passes", data: {} } as const;

/** The answer where the policy makes no such demand. */
export const notDemanded = { status: "NOT_APPLICABLE", kind: "not-demanded", data: {} } as const;

/** The answer where a fact could not be read. */
export function unknownBecause(evidence: Unreadable): CommonVerdict {
  const { reason, operation, detail } = evidence;
  return { status: "UNKNOWN", kind: "evidence-unreadable", data: { reason, operation, detail } };
}
