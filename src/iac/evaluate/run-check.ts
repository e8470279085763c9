import { type CheckEvaluation, checkCrashed, isCommon, type RegistryCheck } from "../../checks/evaluation.ts";
import { isCheckId } from "../../checks/index.ts";
import { memoize } from "../../core/memoize.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import { type DeclaredRule, prefixOf, type RuleParameter, set, unset } from "../declared-rule.ts";
import type { PossibleRegistry } from "./possible-registries.ts";
import { observed, type RegistryInCode } from "./registry-in-code.ts";
import { type Answer, agreed } from "./report.ts";
import { filledIn, notYetKnown, parametersAt, ruleViewOf, UnknownValueError } from "./rule-view.ts";
import { siblingUnknown, valueUnknown } from "./unknowns.ts";

/** What a check says about one rule; `needs-registry` if only a live registry can answer. */
export type CheckAnswer = readonly Answer[] | "needs-registry";

/** A rule and the registry that it will be in. */
export type RuleInCode = { readonly rule: DeclaredRule; readonly inCode: RegistryInCode };

/** Stands in commands for a prefix that is not known yet. No rule has it: prefixes are in lower case. */
const somePrefix = "PREFIX";

/**
 * Evaluates one check for one rule in code, in one registry where the rule may be created. It passes only if it passes
 * with every rule that may be there too.
 *
 * @throws never: a check that throws makes one UNKNOWN
 */
export function evaluateByCheck(
  check: RegistryCheck,
  { rule, inCode }: RuleInCode,
  registry: PossibleRegistry,
  now: Date,
): CheckAnswer {
  // A custom check may compare an ARN with anything, so that it must not see a stand-in.
  const { own, view } = ownViewOf(rule, registry.target, isCheckId(check.id) ? "known" : "no");
  const evaluate: Evaluator = (subject, siblings) =>
    answersOf(check, { rule, inCode, subject, siblings }, registry, now);
  const evaluateAmong = (siblings: readonly ObservedRule[]): CheckAnswer => {
    try {
      return evaluate(view, siblings);
    } catch (error) {
      if (!(error instanceof UnknownValueError)) {
        return [checkCrashed(check.title, registry.target, error)];
      }
      return (
        passWithAnyName(rule, registry, check, (subject) => evaluate(subject, siblings)) ??
        certainFailures(error, { rule, own, inCode }, evaluate, check) ?? [
          valueUnknown(check.title, rule, error),
        ]
      );
    }
  };
  const certain = evaluateAmong(inCode.siblings);
  if (certain === "needs-registry" || !certain.some(({ status }) => status === "PASS")) return certain;
  const possible = inCode.possibleSiblingsOf(rule);
  if (possible === null) return certain;
  const perhaps = evaluateAmong(possible);
  if (perhaps === "needs-registry" || agreed([certain, perhaps]) !== null) return certain;
  const unknown = perhaps.filter(({ status }) => status === "UNKNOWN");
  return unknown.length > 0 ? unknown : [siblingUnknown(check.title)];
}

/** Two ends of a name that have nothing in common. What passes with both passes with any. */
const anyEnds = ["XXXXXX", "y2-y2y2-y2"];

/**
 * The answers of a check that passes, or that needs the live registry, whatever the name of the rule's secret or role
 * ends with; `null` if it may depend on that. A custom check may compare the name with anything.
 */
function passWithAnyName(
  rule: DeclaredRule,
  { target }: PossibleRegistry,
  { id }: RegistryCheck,
  evaluate: (subject: PullThroughCacheRule) => CheckAnswer,
): CheckAnswer | null {
  if ((rule.secret === null && rule.role === null) || !isCheckId(id)) return null;
  const cases = anyEnds.map((standIn) => {
    try {
      return evaluate(ruleViewOf(rule, parametersAt(rule, target, { standIn })));
    } catch (error) {
      if (error instanceof UnknownValueError) return null;
      throw error;
    }
  });
  if (cases.every((answer) => answer === "needs-registry")) return "needs-registry";
  const answers = cases.filter((answer) => answer !== null && answer !== "needs-registry");
  if (answers.length < cases.length) return null;
  const agreedOn = agreed(answers);
  return agreedOn?.every(({ status }) => status === "PASS" || status === "NOT_APPLICABLE") ? agreedOn : null;
}

/** A rule with its ARNs filled in for one registry. */
type OwnView = { readonly own: DeclaredRule["parameters"]; readonly view: PullThroughCacheRule };

/** The views of each rule, which all checks share. */
const ownViews = memoize(new WeakMap<DeclaredRule, Map<string, OwnView>>(), () => new Map<string, OwnView>());

function ownViewOf(rule: DeclaredRule, target: Target, references: "known" | "no"): OwnView {
  const key = `${references} ${target.account} ${target.region}`;
  const views = ownViews(rule);
  const before = views.get(key);
  if (before !== undefined) return before;
  const own = parametersAt(rule, target, references);
  const view = { own, view: ruleViewOf(rule, own) };
  views.set(key, view);
  return view;
}

type EvaluationContext = RuleInCode & {
  readonly subject: PullThroughCacheRule;
  readonly siblings: readonly ObservedRule[];
};

function answersOf(
  check: RegistryCheck,
  { rule: declared, inCode, subject, siblings }: EvaluationContext,
  { target, policy }: PossibleRegistry,
  now: Date,
): CheckAnswer {
  const label = prefixOf(declared) ?? somePrefix;
  const view = observed(subject);
  const evaluations = check.evaluate({
    registry: inCode.snapshotFor(declared, view, target),
    policy,
    now,
    inScope: (prefix) => prefix === label || prefix === null,
    labelOf: (rule) => (rule === subject ? label : rule.ecrRepositoryPrefix),
    only: { observed: view, siblings },
  });
  if (evaluations.some(needsRegistry)) return "needs-registry";
  return evaluations.filter(({ prefix }) => prefix !== null).map(asAnswer);
}

/** The remediation of a check is for a rule that exists. In code the file is changed instead. */
function asAnswer(evaluation: CheckEvaluation): Answer {
  if (evaluation.status !== "FAIL") return evaluation;
  const prose = () => {
    const { remediation, ...texts } = evaluation.prose();
    return { ...texts, remediation: `Fix it in the code. If the rule exists already: ${remediation}` };
  };
  return { ...evaluation, prose };
}

/** An answer for the registry as a whole, or from facts other than the rules, does not apply to a file. */
function needsRegistry(evaluation: CheckEvaluation): boolean {
  if (evaluation.prefix === null) return evaluation.kind !== "not-demanded";
  if (!isCommon(evaluation)) return false;
  return evaluation.kind === "evidence-unreadable" && evaluation.data.reason === "not-collected";
}

type Evaluator = (subject: PullThroughCacheRule, siblings: readonly ObservedRule[]) => CheckAnswer;

/**
 * The failures that are certain for every value that the unknown one can have; `null` if there are none. They are
 * looked for only in two cases: the value is an ARN of the rule itself, which checks compare only with `null` and
 * with names; or it belongs to another rule, whose values do not decide what is wrong with this one.
 */
function certainFailures(
  { rule: owner, parameter }: UnknownValueError,
  { rule, own, inCode }: RuleInCode & { readonly own: DeclaredRule["parameters"] },
  evaluate: Evaluator,
  { id }: RegistryCheck,
): readonly Answer[] | null {
  // A custom check may compare the value with anything.
  if ((owner === rule && !arns.includes(parameter)) || !isCheckId(id)) return null;
  const cases = [unset, set(notYetKnown)].map((arn) => {
    try {
      return evaluate(ruleViewOf(rule, filledIn(own, arns, arn)), inCode.siblingsFilledIn());
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
