import { isSamePrefix } from "../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { FactName } from "../facts/index.ts";
import type { ObservedRule, RegistrySnapshot } from "../facts/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import type { ObservedChange } from "../schemas/change.ts";
import type { Severity } from "../schemas/finding.ts";
import {
  type CheckEvaluation,
  type CheckHead,
  causesBy,
  type EvaluationSubject,
  evaluationsBy,
  type FleetCheck,
  type OnlyRule,
  type RegistryCheck,
  stepsBy,
} from "./evaluation.ts";
import type { CheckRemediation, Instructions } from "./remediation.ts";
import { prefixIndexOf } from "./siblings.ts";
import {
  type CheckText,
  type FleetRule,
  type FleetVerdict,
  type Kinds,
  notDemanded,
  pass,
  type RegistryVerdict,
  unknownBecause,
  type Verdict,
} from "./verdict.ts";

/** The input of a check that evaluates rules. */
export type RuleContext = {
  readonly rule: PullThroughCacheRule;
  readonly observed: ObservedRule;
  /**
   * The rules of the registry. An audit includes this one. For a rule in code the list may lack it, or hold others with
   * its prefix, which a registry cannot have: a check ignores them. The list is the same for all rules of a registry.
   */
  readonly siblings: readonly ObservedRule[];
  readonly registry: RegistrySnapshot;
  /** The effective policy for this registry. */
  readonly policy: Policy;
  readonly now: Date;
};

/** The input of a check that evaluates registries. */
export type RegistryContext = {
  /** The registry's rules. */
  readonly rules: readonly ObservedRule[];
  /** The last known changes of the registry, each of another thing. */
  readonly changes: readonly ObservedChange[];
  /** The rule with a prefix, spelled with or without the slash at its end. */
  readonly ruleNamed: (prefix: string) => ObservedRule | undefined;
  readonly registry: RegistrySnapshot;
  /** The effective policy for this registry. */
  readonly policy: Policy;
  readonly now: Date;
};

type Definition<Id extends string, K extends Kinds> = {
  readonly id: Id;
  readonly severity: Severity;
  readonly text: CheckText<K>;
  /** The path of its document in this project. Default: `docs/checks/<id>.md`. */
  readonly docs?: string;
  /** The published requirements that it covers. Default: none. */
  readonly requirements?: readonly string[];
  /** The facts that it reads in addition to the rules. They are collected only if a policy requires the check. */
  readonly facts?: readonly FactName[] | ((policy: Policy) => readonly FactName[]);
  /** Whether the policy requires this check. Default: always. */
  readonly isDemanded?: (policy: Policy) => boolean;
  /** Whether the policy asks for something that this check evaluates. Default: as `isDemanded`. */
  readonly isAskedBy?: (policy: Policy) => boolean;
};

/**
 * Whether the check can evaluate a planned change before it is applied. It can if it depends only on the fields of
 * rules, but not if it depends on what AWS reports afterwards. Only failures of predictable checks can be remediated by
 * API calls, because only for them a plan can verify that the calls fix the failure.
 */
type Prediction<K extends Kinds> =
  | { readonly predictable: true; readonly remediation: CheckRemediation<K> }
  | { readonly predictable: false; readonly remediation: Instructions<K> };

type RuleCheckDefinition<Id extends string, K extends Kinds> = Definition<Id, K> &
  Prediction<NoInfer<K>> & {
    /** Evaluates one rule. Pure; must not throw, and is caught if it does. */
    readonly evaluate: (context: RuleContext) => Verdict<NoInfer<K>> | readonly Verdict<NoInfer<K>>[];
  };

type RegistryCheckDefinition<Id extends string, K extends Kinds> = Definition<Id, K> &
  Prediction<NoInfer<K>> & {
    /** Whether a policy that requires this check requires it of this registry. Default: always. */
    readonly isDemandedOf?: (target: Target, policy: Policy) => boolean;
    /** Evaluates one registry whose rules could be read. Pure; must not throw, and is caught if it does. */
    readonly evaluate: (
      context: RegistryContext,
    ) => RegistryVerdict<NoInfer<K>> | readonly RegistryVerdict<NoInfer<K>>[];
  };

type FleetCheckDefinition<Id extends string, K extends Kinds> = Definition<Id, K> &
  Extract<Prediction<NoInfer<K>>, { predictable: false }> & {
    /** Compares all rules of all registries. Rules without a verdict pass. Pure; must not throw, and is caught if it does. */
    readonly evaluate: (rules: readonly FleetRule[]) => readonly FleetVerdict<NoInfer<K>>[];
  };

/** Defines a check that evaluates rules one by one. It returns nothing for a registry without rules. */
export function defineRuleCheck<Id extends string, K extends Kinds>(
  definition: RuleCheckDefinition<Id, K>,
): RegistryCheck<Id, K> {
  const { isDemanded = always, evaluate } = definition;
  const evaluationOf = evaluationsBy(definition);
  return defineOnRegistries(definition, "rule", (context, { inScope, labelOf, only }) => {
    const { rules, registry, policy, now } = context;
    const isRequired = isDemanded(policy);
    const evaluations: CheckEvaluation<K>[] = [];
    const add = (verdict: Verdict<K>, prefix: string): void => {
      evaluations.push(evaluationOf(verdict, registry.target, prefix));
    };
    for (const observed of only === undefined ? rules : [only.observed]) {
      const { rule } = observed;
      const prefix = labelOf(rule);
      if (!inScope(prefix)) continue;
      const verdicts = isRequired
        ? evaluate({ rule, observed, siblings: rules, registry, policy, now })
        : notDemanded;
      if ("status" in verdicts) add(verdicts, prefix);
      else for (const verdict of verdicts) add(verdict, prefix);
    }
    return evaluations;
  });
}

/** Defines a check that evaluates registries as a whole, or prefixes that may not have a rule. */
export function defineRegistryCheck<Id extends string, K extends Kinds>(
  definition: RegistryCheckDefinition<Id, K>,
): RegistryCheck<Id, K> {
  const { isDemanded = always, isDemandedOf = always, evaluate } = definition;
  const evaluationOf = evaluationsBy(definition);
  return defineOnRegistries(definition, "registry", (context, { inScope }) => {
    const { registry, policy } = context;
    const isRequired = isDemanded(policy) && isDemandedOf(registry.target, policy);
    const verdicts = isRequired ? evaluate(context) : notDemanded;
    return asList<RegistryVerdict<K>>(verdicts)
      .filter(({ prefix = null }) => inScope(prefix))
      .map((verdict) => evaluationOf(verdict, registry.target, verdict.prefix ?? null));
  });
}

/** Defines a check that compares the rules of all registries. */
export function defineFleetCheck<Id extends string, K extends Kinds>(
  definition: FleetCheckDefinition<Id, K>,
): FleetCheck<Id, K> {
  const evaluationOf = evaluationsBy(definition);
  return {
    ...headOf(definition),
    looksAt: "fleet",
    evaluate: (rules) => {
      const byTarget = Map.groupBy(definition.evaluate(rules), ({ of }) => of.target);
      return (target, rulesThere) => {
        const verdicts = byTarget.get(target) ?? [];
        return rulesThere.map((rule) => {
          const { verdict = pass } = verdicts.find(({ of }) => of.rule === rule) ?? {};
          return evaluationOf(verdict, target, rule.ecrRepositoryPrefix);
        });
      };
    },
    evaluateUnread: (target, evidence) => evaluationOf(unknownBecause(evidence), target, null),
  };
}

/** Which rules and prefixes are evaluated, and under which names. */
type Named = Required<Pick<EvaluationSubject, "inScope" | "labelOf">> & {
  readonly only: OnlyRule | undefined;
};

function defineOnRegistries<Id extends string, K extends Kinds>(
  definition: Definition<Id, K> & Prediction<K> & Pick<RegistryCheckDefinition<Id, K>, "isDemandedOf">,
  resultsPer: "rule" | "registry",
  evaluate: (context: RegistryContext, named: Named) => readonly CheckEvaluation<K>[],
): RegistryCheck<Id, K> {
  const { isDemanded = always, isDemandedOf = always } = definition;
  const evaluationOf = evaluationsBy(definition);
  return {
    ...headOf(definition),
    looksAt: "registry",
    resultsPer,
    evaluate: (subject) => {
      const { registry, policy, now, inScope, labelOf = ownPrefix, only, changes = [] } = subject;
      // The rules of the registry are not listed for one rule: that would be done again for each of them.
      if (only === undefined && registry.rules.state === "unreadable") {
        if (!isDemanded(policy)) return [];
        const isRequired = isDemandedOf(registry.target, policy);
        const verdict = isRequired ? unknownBecause(registry.rules) : notDemanded;
        return [evaluationOf(verdict, registry.target, null)];
      }
      const rules = only?.siblings ?? (registry.rules.state === "present" ? registry.rules.value : []);
      const ruleNamed = (prefix: string) => ruleAmong(rules, only, prefix);
      const context = { rules, ruleNamed, registry, policy, now, changes };
      return evaluate(context, { inScope, labelOf, only });
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
  requirements = [],
  facts = [],
  isDemanded = always,
  isAskedBy = isDemanded,
  predictable,
}: Definition<Id, K> & Prediction<K>): CheckHead<Id> {
  return {
    id,
    severity,
    title: text.title,
    failsWhen: text.failsWhen,
    docs,
    requirements,
    factsUnder: (policy) => (isDemanded(policy) ? factsOf(facts, policy) : []),
    predictable,
    isDemanded,
    isAskedBy,
    causeOf: causesBy(text),
    stepsFor: stepsBy(text),
  };
}

function factsOf(facts: NonNullable<Definition<string, Kinds>["facts"]>, policy: Policy) {
  return typeof facts === "function" ? facts(policy) : facts;
}

function ownPrefix({ ecrRepositoryPrefix }: PullThroughCacheRule): string {
  return ecrRepositoryPrefix;
}

function always(): boolean {
  return true;
}

function asList<V extends { readonly status: unknown }>(verdicts: V | readonly V[]): readonly V[] {
  return "status" in verdicts ? [verdicts] : verdicts;
}
