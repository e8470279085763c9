import { type CheckEvaluation, checkCrashed, isCommon, type RegistryCheck } from "../../checks/evaluation.ts";
import { isCheckId } from "../../checks/index.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { notCollected, present } from "../../facts/evidence.ts";
import { nothingCollected, type RegistrySnapshot } from "../../facts/snapshot.ts";
import {
  byParameter,
  type Declared,
  type DeclaredRule,
  prefixOf,
  type RuleParameter,
  ruleParameters,
  set,
  unset,
} from "../declared-rule.ts";
import type { PossibleRegistry } from "./possible-registries.ts";
import { type Answer, agreed } from "./report.ts";
import { parametersAt, ruleViewOf, UnknownValueError } from "./rule-view.ts";
import { valueUnknown } from "./unknowns.ts";

/** What a check says of one rule, or that it needs a live registry to say anything. */
export type CheckAnswer = readonly Answer[] | "needs-registry";

/** A rule among those that will be in the same registry. */
export type RuleInCode = {
  readonly rule: DeclaredRule;
  /** The others whose prefixes are known and differ. */
  readonly siblings: readonly DeclaredRule[];
};

/** Stands in commands for a prefix that is not known yet. No rule has it: prefixes are in lower case. */
const somePrefix = "PREFIX";
const notYetKnown = "(known after deployment)";

/**
 * Judges a rule in code by one check, in one registry that it may end in.
 *
 * @throws never: a check that throws makes one UNKNOWN
 */
export function evaluateByCheck(
  check: RegistryCheck,
  { rule, siblings }: RuleInCode,
  registry: PossibleRegistry,
  now: Date,
): CheckAnswer {
  const own = parametersAt(rule, registry.target);
  const mates = siblings.map((sibling) => ruleViewOf(sibling, parametersAt(sibling, registry.target)));
  const evaluate: Evaluator = (subject, others) =>
    answersOf(check, { subject, label: prefixOf(rule) ?? somePrefix, others }, registry, now);
  try {
    return evaluate(ruleViewOf(rule, own), mates);
  } catch (error) {
    if (!(error instanceof UnknownValueError)) {
      return [checkCrashed(check.title, registry.target, error)];
    }
    return (
      failingWhatever(error, { rule, own, siblings }, evaluate, check) ?? [
        valueUnknown(check.title, rule, error),
      ]
    );
  }
}

type EvaluationContext = {
  readonly subject: PullThroughCacheRule;
  readonly label: string;
  readonly others: readonly PullThroughCacheRule[];
};

function answersOf(
  check: RegistryCheck,
  { subject, label, others }: EvaluationContext,
  { target, policy }: PossibleRegistry,
  now: Date,
): CheckAnswer {
  const rules = [subject, ...others].map((rule) => ({ rule, validation: notValidated }));
  const registry: RegistrySnapshot = {
    ...nothingCollected,
    target,
    collectedAt: now.toISOString(),
    rules: present(rules),
  };
  const evaluations = check.evaluate({
    registry,
    policy,
    now,
    inScope: (prefix) => prefix === label || prefix === null,
    labelOf: (rule) => (rule === subject ? label : rule.ecrRepositoryPrefix),
  });
  if (evaluations.some(needsRegistry)) return "needs-registry";
  return evaluations.filter(({ prefix }) => prefix !== null).map(inCode);
}

/** What checks advise is for rules that exist. */
function inCode(evaluation: CheckEvaluation): Answer {
  if (evaluation.status !== "FAIL") return evaluation;
  const prose = () => {
    const { remediation, ...words } = evaluation.prose();
    return { ...words, remediation: `Mend it in the code. Of a rule that exists already: ${remediation}` };
  };
  return { ...evaluation, prose };
}

const notValidated = notCollected("ecr:ValidatePullThroughCacheRule");

/** What is said of a registry as a whole, or rests on facts beyond the rules, can not be said of a file. */
function needsRegistry(evaluation: CheckEvaluation): boolean {
  if (evaluation.prefix === null) return evaluation.kind !== "not-demanded";
  if (!isCommon(evaluation)) return false;
  return evaluation.kind === "evidence-unreadable" && evaluation.data.reason === "not-collected";
}

type Evaluator = (subject: PullThroughCacheRule, others: readonly PullThroughCacheRule[]) => CheckAnswer;

/**
 * The failures that stand whatever the unknown value turns out to be. They are looked for only where it is an ARN
 * of the rule itself, which checks compare with nothing but `null` and names, or belongs to another rule, whose
 * values do not decide what is wrong with this one.
 */
function failingWhatever(
  { rule: owner, parameter }: UnknownValueError,
  { rule, own, siblings }: RuleInCode & { readonly own: DeclaredRule["parameters"] },
  evaluate: Evaluator,
  { id }: RegistryCheck,
): readonly Answer[] | null {
  // The expressions of a policy's own checks may compare with anything.
  if ((owner === rule && !arns.includes(parameter)) || !isCheckId(id)) return null;
  const others = siblings.map((sibling) =>
    ruleViewOf(sibling, filledIn(sibling.parameters, ruleParameters, set(notYetKnown))),
  );
  const cases = [unset, set(notYetKnown)].map((arn) => {
    try {
      return evaluate(ruleViewOf(rule, filledIn(own, arns, arn)), others);
    } catch (error) {
      if (error instanceof UnknownValueError) return "needs-registry";
      throw error;
    }
  });
  const answers = cases.filter((answer) => answer !== "needs-registry");
  if (answers.length < cases.length) return null;
  const failures = agreed(answers)?.filter(({ status }) => status === "FAIL") ?? [];
  return failures.length > 0 ? failures : null;
}

const arns: readonly RuleParameter[] = ["credentialArn", "customRoleArn"];

/** The parameters with those of `names` that are not known taken to be `by`. */
function filledIn(
  parameters: DeclaredRule["parameters"],
  names: readonly RuleParameter[],
  by: Declared,
): DeclaredRule["parameters"] {
  return byParameter((parameter) =>
    names.includes(parameter) && parameters[parameter].state === "unknown" ? by : parameters[parameter],
  );
}
