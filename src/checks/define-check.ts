import { isSamePrefix } from "../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { FactName } from "../facts/index.ts";
import type { ObservedRule, RegistrySnapshot } from "../facts/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import type { Severity } from "../schemas/finding.ts";
import {
  type CheckHead,
  type EvaluationSubject,
  type FleetCheck,
  type OnlyRule,
  type RegistryCheck,
  toEvaluation,
} from "./evaluation.ts";
import type { CheckRemediation, Instructions } from "./remediation.ts";
import { prefixIndexOf } from "./siblings.ts";
import {
  type CheckText,
  type FleetRule,
  type FleetVerdict,
  type Kinds,
  notDemanded,
  type RegistryVerdict,
  unknownBecause,
  type Verdict,
} from "./verdict.ts";

/** What a check of rules looks at. */
export type RuleContext = {
  readonly rule: PullThroughCacheRule;
  readonly observed: ObservedRule;
  /**
   * The rules of the registry. An audit includes this one. For a rule in code the list may lack it, or hold others with
   * its prefix, which a registry cannot have: a check ignores them. The list is the same for all rules of a registry.
   */
  readonly siblings: readonly ObservedRule[];
  readonly registry: RegistrySnapshot;
  /** The policy in force for this registry. */
  readonly policy: Policy;
  readonly now: Date;
};

/** What a check of registries looks at. */
export type RegistryContext = {
  /** The registry's rules, which could be read. */
  readonly rules: readonly ObservedRule[];
  /** The rule with a prefix, spelled with or without the slash at its end. */
  readonly ruleNamed: (prefix: string) => ObservedRule | undefined;
  readonly registry: RegistrySnapshot;
  /** The policy in force for this registry. */
  readonly policy: Policy;
  readonly now: Date;
};

type Definition<Id extends string, K extends Kinds> = {
  readonly id: Id;
  readonly severity: Severity;
  readonly text: CheckText<K>;
  /** Its document, as a path in this project; one that bears its id when left out. */
  readonly docs?: string;
  /** The facts beyond the rules that it reads. They are collected only where it is demanded. */
  readonly facts?: readonly FactName[];
  /** Whether the policy asks for this check at all. It does when left out. */
  readonly isDemanded?: (policy: Policy) => boolean;
};

/**
 * Whether a planned change can be evaluated by the check before it is made: it can where the check looks at what
 * rules are made of, and not where it looks at what AWS says of them afterwards. Only then may calls remediate
 * what it finds, because only then does a plan know that they do.
 */
type Prediction<K extends Kinds> =
  | { readonly predictable: true; readonly remediation: CheckRemediation<K> }
  | { readonly predictable: false; readonly remediation: Instructions<K> };

type RuleCheckDefinition<Id extends string, K extends Kinds> = Definition<Id, K> &
  Prediction<NoInfer<K>> & {
    /** Judges one rule. Pure; must not throw, and is caught when it does. */
    readonly evaluate: (context: RuleContext) => Verdict<NoInfer<K>> | readonly Verdict<NoInfer<K>>[];
  };

type RegistryCheckDefinition<Id extends string, K extends Kinds> = Definition<Id, K> &
  Prediction<NoInfer<K>> & {
    /** Whether a policy that asks for this check asks it of this registry. It does when left out. */
    readonly isDemandedOf?: (target: Target, policy: Policy) => boolean;
    /** Judges one registry whose rules could be read. Pure; must not throw, and is caught when it does. */
    readonly evaluate: (
      context: RegistryContext,
    ) => RegistryVerdict<NoInfer<K>> | readonly RegistryVerdict<NoInfer<K>>[];
  };

type FleetCheckDefinition<Id extends string, K extends Kinds> = Definition<Id, K> &
  Extract<Prediction<NoInfer<K>>, { predictable: false }> & {
    /** Judges all rules of all registries beside each other. Pure; must not throw, and is caught when it does. */
    readonly evaluate: (rules: readonly FleetRule[]) => readonly FleetVerdict<NoInfer<K>>[];
  };

/** Defines a check that judges rules one by one. A registry without rules gives it nothing to judge. */
export function defineRuleCheck<Id extends string, K extends Kinds>(
  definition: RuleCheckDefinition<Id, K>,
): RegistryCheck<Id, K> {
  const { isDemanded = always, evaluate } = definition;
  return defineOnRegistries(definition, ({ rules, registry, policy, now }, { inScope, labelOf, only }) =>
    (only === undefined ? rules : [only.observed])
      .map((observed) => ({ observed, prefix: labelOf(observed.rule) }))
      .filter(({ prefix }) => inScope(prefix))
      .flatMap(({ observed, prefix }) => {
        const { rule } = observed;
        const verdicts = isDemanded(policy)
          ? evaluate({ rule, observed, siblings: rules, registry, policy, now })
          : notDemanded;
        return asList(verdicts).map((verdict) => ({ verdict, prefix }));
      }),
  );
}

/** Defines a check that judges registries as a whole, or prefixes that may not have a rule. */
export function defineRegistryCheck<Id extends string, K extends Kinds>(
  definition: RegistryCheckDefinition<Id, K>,
): RegistryCheck<Id, K> {
  const { isDemanded = always, isDemandedOf = always, evaluate } = definition;
  return defineOnRegistries(definition, (context, { inScope }) => {
    const { registry, policy } = context;
    const isAsked = isDemanded(policy) && isDemandedOf(registry.target, policy);
    const verdicts = isAsked ? evaluate(context) : notDemanded;
    return asList<RegistryVerdict<K>>(verdicts)
      .map((verdict) => ({ verdict, prefix: verdict.prefix ?? null }))
      .filter(({ prefix }) => inScope(prefix));
  });
}

/** Defines a check that judges all rules of all registries beside each other. */
export function defineFleetCheck<Id extends string, K extends Kinds>(
  definition: FleetCheckDefinition<Id, K>,
): FleetCheck<Id, K> {
  const { isDemanded = always } = definition;
  return {
    ...headOf(definition),
    looksAt: "fleet",
    isDemanded,
    evaluate: (rules) =>
      definition.evaluate(rules).map(({ of: { target, rule }, verdict }) => ({
        target,
        evaluation: toEvaluation(definition, verdict, { ...target, prefix: rule.ecrRepositoryPrefix }),
      })),
    evaluateUnread: (target, evidence) =>
      toEvaluation(definition, unknownBecause(evidence), { ...target, prefix: null }),
  };
}

type LocatedVerdict<K extends Kinds> = { readonly verdict: Verdict<K>; readonly prefix: string | null };

function defineOnRegistries<Id extends string, K extends Kinds>(
  definition: Definition<Id, K> & Prediction<K> & Pick<RegistryCheckDefinition<Id, K>, "isDemandedOf">,
  evaluate: (
    context: RegistryContext,
    subject: EvaluationSubject & Required<Pick<EvaluationSubject, "labelOf">>,
  ) => readonly LocatedVerdict<K>[],
): RegistryCheck<Id, K> {
  const { isDemanded = always, isDemandedOf = always } = definition;
  return {
    ...headOf(definition),
    looksAt: "registry",
    evaluate: (subject) => {
      const { registry, policy, now, labelOf = ownPrefix, only } = subject;
      const evaluationOf = ({ verdict, prefix }: LocatedVerdict<K>) =>
        toEvaluation(definition, verdict, { ...registry.target, prefix });
      // The rules of the registry are not listed for one rule: that would be done again for each of them.
      if (only === undefined && registry.rules.state === "unreadable") {
        if (!isDemanded(policy)) return [];
        const isAsked = isDemandedOf(registry.target, policy);
        return [
          evaluationOf({ verdict: isAsked ? unknownBecause(registry.rules) : notDemanded, prefix: null }),
        ];
      }
      const rules = only?.siblings ?? (registry.rules.state === "present" ? registry.rules.value : []);
      const ruleNamed = (prefix: string) => ruleAmong(rules, only, prefix);
      const context = { rules, ruleNamed, registry, policy, now };
      return evaluate(context, { ...subject, labelOf }).map(evaluationOf);
    },
  };
}

/** The rule that is evaluated comes before another with its prefix. */
function ruleAmong(
  rules: readonly ObservedRule[],
  only: OnlyRule | undefined,
  prefix: string,
): ObservedRule | undefined {
  const isOnly = only !== undefined && isSamePrefix(only.observed.rule.ecrRepositoryPrefix, prefix);
  return isOnly ? only.observed : prefixIndexOf(rules).named(prefix);
}

function headOf<Id extends string, K extends Kinds>({
  id,
  severity,
  text,
  docs = `docs/checks/${id}.md`,
  facts = [],
  isDemanded = always,
  predictable,
}: Definition<Id, K> & Prediction<K>): CheckHead<Id> {
  return {
    id,
    severity,
    title: text.title,
    failsWhen: text.failsWhen,
    docs,
    factsUnder: (policy) => (isDemanded(policy) ? facts : []),
    predictable,
  };
}

function ownPrefix({ ecrRepositoryPrefix }: PullThroughCacheRule): string {
  return ecrRepositoryPrefix;
}

function always(): boolean {
  return true;
}

function asList<V extends { readonly status: unknown }>(answer: V | readonly V[]): readonly V[] {
  return "status" in answer ? [answer] : answer;
}
