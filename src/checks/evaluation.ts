import type { RuleRef } from "../ecr/registry.ts";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { Unreadable } from "../facts/evidence.ts";
import type { FactName } from "../facts/index.ts";
import type { ObservedRule, RegistrySnapshot } from "../facts/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import type { Severity } from "../schemas/finding.ts";
import { commonProse, isCommonKind } from "./common-text.ts";
import { actionFor, type CheckRemediation, type RemediationAction } from "./remediation.ts";
import type { CheckText, CommonVerdict, FleetRule, Kinds, Prose, Verdict } from "./verdict.ts";

/**
 * A verdict with its place. Its words and its remediation are made on demand: most verdicts pass and need neither.
 * They are made from the kind's own data, so that no reader has to know its shape.
 */
export type CheckEvaluation<K extends Kinds = Kinds> = Verdict<K> & {
  readonly prefix: string | null;
  readonly subject: string;
  readonly prose: () => { readonly title: string; readonly message: string; readonly remediation: string };
  /** What remediates it. */
  readonly action: () => RemediationAction;
};

/** What every check tells of itself. */
export type CheckHead<Id extends string = string> = {
  readonly id: Id;
  readonly severity: Severity;
  readonly title: string;
  readonly failsWhen: string;
  /** The check's document, as a path in this project. */
  readonly docs: string;
  /** The facts beyond the rules that it reads under this policy. */
  readonly factsUnder: (policy: Policy) => readonly FactName[];
  /** Whether a planned change can be evaluated by this check before it is made. */
  readonly predictable: boolean;
};

/** A check that judges registries one by one. */
export type RegistryCheck<Id extends string = string, K extends Kinds = Kinds> = CheckHead<Id> & {
  readonly looksAt: "registry";
  /**
   * Judges what `inScope` names of a registry. Rules that could not be read make one UNKNOWN for the registry
   * as a whole.
   */
  readonly evaluate: (subject: EvaluationSubject) => readonly CheckEvaluation<K>[];
};

/** A check that compares registries with each other. */
export type FleetCheck<Id extends string = string, K extends Kinds = Kinds> = CheckHead<Id> & {
  readonly looksAt: "fleet";
  readonly isDemanded: (policy: Policy) => boolean;
  readonly evaluate: (rules: readonly FleetRule[]) => readonly FleetCheckEvaluation<CheckEvaluation<K>>[];
  /** The judgement on a registry whose rules could not be compared. */
  readonly evaluateUnread: (target: Target, evidence: Unreadable) => CheckEvaluation<K>;
};

/** A judgement of one rule of the fleet. */
export type FleetCheckEvaluation<E = CheckEvaluation> = {
  readonly target: Target;
  readonly evaluation: E;
};

/** A check as the audit sees it. */
export type Check = RegistryCheck | FleetCheck;

/** One rule among the rules of its registry. */
export type OnlyRule = {
  readonly observed: ObservedRule;
  /**
   * The rules it is compared with, in a list that all rules of the registry share, so that what a check works out about
   * the list is worked out once. The list may hold the rule itself and other rules with the same prefix: checks ignore
   * both.
   */
  readonly siblings: readonly ObservedRule[];
};

/** What a check of registries is given. */
export type EvaluationSubject = {
  readonly registry: RegistrySnapshot;
  readonly policy: Policy;
  readonly now: Date;
  /** Which prefixes are judged; `null` stands for the registry as a whole. */
  readonly inScope: (prefix: string | null) => boolean;
  /** The prefix that judgements on a rule bear: its own when left out. For rules whose own is not known yet. */
  readonly labelOf?: (rule: PullThroughCacheRule) => string;
  /** Evaluates one rule. All rules of the registry in scope are evaluated when left out. */
  readonly only?: OnlyRule;
};

/** The judgement on a registry for which a check threw: a defect of ours is no verdict on the registry. */
export function checkCrashed(title: string, ref: Omit<RuleRef, "prefix">, error: unknown): CheckEvaluation {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const verdict = { status: "UNKNOWN", kind: "check-crashed", data: { error: message } } as const;
  return toEvaluation({ text: { title, kinds: {} }, remediation: {} }, verdict, { ...ref, prefix: null });
}

/** What a check's own folder says of its kinds. */
type KindTables<K extends Kinds> = {
  readonly text: Pick<CheckText<K>, "title" | "kinds">;
  readonly remediation: CheckRemediation<K>;
};

/** Puts a verdict into its place; a word that every check can say stands under the check's own title. */
export function toEvaluation<K extends Kinds>(
  { text, remediation }: KindTables<K>,
  verdict: Verdict<K>,
  ref: RuleRef,
): CheckEvaluation<K> {
  return {
    ...verdict,
    prefix: ref.prefix,
    subject: verdict.subject ?? "",
    prose: () =>
      isCommon(verdict)
        ? putIntoWords(commonProse(text.title), verdict, ref)
        : putIntoWords(text.kinds, verdict, ref),
    action: () => (isCommon(verdict) ? { action: "never-fails" } : actionFor(remediation, verdict)),
  };
}

/** Whether a verdict is one that every check can give. */
export function isCommon<K extends Kinds>(verdict: Verdict<K>): verdict is CommonVerdict {
  return isCommonKind(verdict.kind);
}

function putIntoWords<K extends Kinds, Kind extends keyof K>(
  proseOf: { readonly [P in keyof K]: Prose<K[P]> },
  { kind, data }: { readonly kind: Kind; readonly data: K[Kind] },
  ref: RuleRef,
) {
  const prose = proseOf[kind];
  return {
    title: prose.title,
    message: prose.message(data, ref),
    remediation: prose.remediation(data, ref),
  };
}
