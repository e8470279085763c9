import { type Advice, adviceText, type Step, stepsOf } from "../core/advice.ts";
import type { Registry, RuleRef } from "../ecr/registry.ts";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { Unreadable } from "../facts/evidence.ts";
import type { FactName } from "../facts/index.ts";
import type { ObservedRule, RegistrySnapshot } from "../facts/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import type { ObservedChange } from "../schemas/change.ts";
import type { Severity } from "../schemas/finding.ts";
import { type CauseQuestion, type SharedCause, sharedCause } from "./cause.ts";
import { commonProse, isCommonKind } from "./common-text.ts";
import { actionFor, type CheckRemediation, type RemediationAction } from "./remediation.ts";
import {
  type CheckText,
  type CommonVerdict,
  type FleetRule,
  type Kinds,
  notDemanded,
  type Prose,
  pass,
  type Verdict,
} from "./verdict.ts";

/**
 * A verdict with the prefix it concerns. Its texts and remediation are created on demand, because most verdicts pass
 * and need neither. They are created from the data of the kind, so that callers need not know the shape of the data.
 */
export type CheckEvaluation<K extends Kinds = Kinds> = Verdict<K> & {
  readonly prefix: string | null;
  readonly subject: string;
  readonly prose: () => { readonly title: string; readonly message: string; readonly remediation: string };
  /** The action that remediates it. */
  readonly action: () => RemediationAction;
};

/** The metadata of a check. */
export type CheckHead<Id extends string = string> = {
  readonly id: Id;
  readonly severity: Severity;
  readonly title: string;
  readonly failsWhen: string;
  /** The path of the check's document in this project. */
  readonly docs: string;
  /** The published requirements that it covers. A policy can add its own. */
  readonly requirements: readonly string[];
  /** The facts that it reads under this policy in addition to the rules. */
  readonly factsUnder: (policy: Policy) => readonly FactName[];
  /** Whether this check can evaluate a planned change before it is applied. */
  readonly predictable: boolean;
  /** Whether the policy requires this check. If not, each of its results is "not demanded". */
  readonly isDemanded: (policy: Policy) => boolean;
  /** Whether the policy asks for this check, in some registry at least. */
  readonly isAskedBy: (policy: Policy) => boolean;
  /** The cause that a finding of this check shares with others; `null` for a cause of its own. */
  readonly causeOf: (finding: CauseQuestion) => SharedCause | null;
  /** The remediation of a finding in steps. */
  readonly stepsFor: (finding: StepsQuestion) => readonly Step[];
};

/** A check that evaluates registries one by one. */
export type RegistryCheck<Id extends string = string, K extends Kinds = Kinds> = CheckHead<Id> & {
  readonly looksAt: "registry";
  /** Whether it has results for each rule, or for the registry as a whole and for prefixes in it. */
  readonly resultsPer: "rule" | "registry";
  /**
   * Evaluates the parts of a registry that are `inScope`. If its rules could not be read, the result is one UNKNOWN for
   * the registry as a whole.
   */
  readonly evaluate: (subject: EvaluationSubject) => readonly CheckEvaluation<K>[];
};

/** A check that compares registries with each other. */
export type FleetCheck<Id extends string = string, K extends Kinds = Kinds> = CheckHead<Id> & {
  readonly looksAt: "fleet";
  /**
   * Compares the rules of all registries, and returns a function that evaluates those of one registry. Its target and
   * its rules must be the objects that were compared.
   */
  readonly evaluate: (
    rules: readonly FleetRule[],
  ) => (target: Target, rules: readonly PullThroughCacheRule[]) => readonly CheckEvaluation<K>[];
  /** The evaluation of a registry whose rules could not be compared. */
  readonly evaluateUnread: (target: Target, evidence: Unreadable) => CheckEvaluation<K>;
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
  /** Whether to evaluate a prefix; `null` stands for the registry as a whole. */
  readonly inScope: (prefix: string | null) => boolean;
  /** The prefix to report for a rule, for rules whose prefix is not known yet. Default: the rule's own prefix. */
  readonly labelOf?: (rule: PullThroughCacheRule) => string;
  /** The last known changes of the registry. Default: none is known. */
  readonly changes?: readonly ObservedChange[];
  /** Evaluates one rule. All rules of the registry in scope are evaluated when left out. */
  readonly only?: OnlyRule;
};

/** The evaluation of a registry for which a check threw: UNKNOWN, because a bug of ours is not a failure of the registry. */
export function checkCrashed(title: string, registry: Registry, error: unknown): CheckEvaluation {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const verdict = { status: "UNKNOWN", kind: "check-crashed", data: { error: message } } as const;
  return evaluationsBy({ text: { title, kinds: {} }, remediation: {} })(verdict, registry, null);
}

/** The tables in a check's folder: the texts and remediations of its kinds. */
type KindTables<K extends Kinds> = {
  readonly text: Pick<CheckText<K>, "title" | "kinds">;
  readonly remediation: CheckRemediation<K>;
};

/** Turns a verdict on a prefix of a registry, or on a registry as a whole, into an evaluation. */
type EvaluationOf<K extends Kinds> = (
  verdict: Verdict<K>,
  registry: Registry,
  prefix: string | null,
) => CheckEvaluation<K>;

/**
 * Returns the function that turns the verdicts of a check into evaluations. The texts of common kinds use the title of
 * the check. Most verdicts of a fleet are {@link pass} or {@link notDemanded}, whose texts say nothing of the registry.
 */
export function evaluationsBy<K extends Kinds>(tables: KindTables<K>): EvaluationOf<K> {
  const common = commonProse(tables.text.title);
  const nowhere = { account: "", region: "", prefix: null };
  const wordsOf = (verdict: CommonVerdict): Words => ({
    prose: () => renderProse(common, verdict, nowhere),
    action: neverFails,
  });
  const wordsOfPass = wordsOf(pass);
  const wordsOfNotDemanded = wordsOf(notDemanded);
  return (verdict, registry, prefix) => {
    if (verdict === pass) return inPlace(pass, prefix, wordsOfPass);
    if (verdict === notDemanded) return inPlace(notDemanded, prefix, wordsOfNotDemanded);
    return toEvaluation(tables, verdict, registry, prefix);
  };
}

type Words = Pick<CheckEvaluation, "prose" | "action">;

function inPlace<V extends CommonVerdict>(verdict: V, prefix: string | null, { prose, action }: Words) {
  return { ...verdict, prefix, subject: "", prose, action };
}

function toEvaluation<K extends Kinds>(
  { text, remediation }: KindTables<K>,
  verdict: Verdict<K>,
  registry: Registry,
  prefix: string | null,
): CheckEvaluation<K> {
  const subject = verdict.subject ?? "";
  if (isCommon(verdict)) {
    const prose = () => renderProse(commonProse(text.title), verdict, { ...registry, prefix });
    return { ...verdict, prefix, subject, prose, action: neverFails };
  }
  return {
    ...verdict,
    prefix,
    subject,
    prose: () => renderProse(text.kinds, verdict, { ...registry, prefix }),
    action: () => actionFor(remediation, verdict),
  };
}

function neverFails(): RemediationAction {
  return { action: "never-fails" };
}

/** The cause that findings of a check share, by the table of its texts. */
export function causesBy<K extends Kinds>({ title, kinds }: CheckText<K>): CheckHead["causeOf"] {
  const rules = new Map(
    [...Object.entries(commonProse(title)), ...Object.entries(kinds)].map(([kind, prose]) => [
      kind,
      prose.causes ?? [],
    ]),
  );
  return (finding) => sharedCause(rules.get(finding.kind) ?? [], finding);
}

/** What to do about a kind, for data of any shape. */
type Remedy = { remediation(data: Record<string, unknown>, ref: RuleRef): Advice };

/** What the steps of a finding follow from. */
export type StepsQuestion = CauseQuestion & { readonly remediation: string };

/**
 * The steps of a finding, also of one from the state, which keeps only the remediation as one text. If the kind and
 * the data no longer give that text, as in a finding of an older version, the text is the only step.
 */
export function stepsBy<K extends Kinds>({ title, kinds }: CheckText<K>): CheckHead["stepsFor"] {
  const proseOf = new Map<string, Remedy>(Object.entries({ ...commonProse(title), ...kinds }));
  return (finding) => {
    const given = tryAdvice(proseOf.get(finding.kind), finding);
    return adviceText(given) === finding.remediation ? stepsOf(given) : stepsOf(finding.remediation);
  };
}

function tryAdvice(prose: Remedy | undefined, { data, remediation, ...ref }: StepsQuestion): Advice {
  try {
    return prose?.remediation(data, ref) ?? remediation;
  } catch {
    // The state drops the data of a finding if it has too many of them.
    return remediation;
  }
}

/** Whether a verdict has a kind that every check can return. */
export function isCommon<K extends Kinds>(verdict: Verdict<K>): verdict is CommonVerdict {
  return isCommonKind(verdict.kind);
}

function renderProse<K extends Kinds, Kind extends keyof K>(
  proseOf: { readonly [P in keyof K]: Prose<K[P]> },
  { kind, data }: { readonly kind: Kind; readonly data: K[Kind] },
  ref: RuleRef,
) {
  const prose = proseOf[kind];
  return {
    title: prose.title,
    message: prose.message(data, ref),
    remediation: adviceText(prose.remediation(data, ref)),
  };
}
