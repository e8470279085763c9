import { type DeclaredRule, prefixOf, type RuleParameter, ruleParameters } from "../declared-rule.ts";
import type { CreateException, Refusal } from "../refusals/refusal.ts";
import { refusalsOf } from "../refusals/refusals.ts";
import type { PossibleRegistry } from "./possible-registries.ts";
import { type Answer, agreed } from "./report.ts";
import { parametersAt } from "./rule-view.ts";
import { locationUnknown, valuesUnknown } from "./unknowns.ts";

/** What AWS would refuse is judged like a check, but by no policy: nothing turns it off and nothing waives it. */
export const creationCheck = {
  id: "creation-refused",
  severity: "high",
  title: "Rules that AWS would refuse to create",
  docs: "docs/check.md",
} as const;

/** Pull through cache rules to a registry; not adjustable (Amazon ECR user guide, "Service quotas", November 2026). */
const rulesToARegistry = 50;

/**
 * Whether CreatePullThroughCacheRule would refuse a rule: by itself, and beside those that come before it in the
 * same registry.
 *
 * @param earlier the rules of the same registry that code names before this one
 */
export function evaluateCreation(
  rule: DeclaredRule,
  earlier: readonly DeclaredRule[],
  registries: readonly PossibleRegistry[],
): readonly Answer[] {
  if (rule.call === null) return [leftAsItIs];
  const sent: readonly RuleParameter[] =
    rule.call === "create" ? ruleParameters : ["credentialArn", "customRoleArn"];
  const cases = registries.map(({ target: { account, region } }) => {
    const { refusals, undecided } = refusalsOf({
      parameters: parametersAt(rule, { account, region }),
      account,
      region,
    });
    return {
      refusals: refusals.filter(({ parameter }) => sent.includes(parameter)),
      undecided: undecided.filter((parameter) => sent.includes(parameter)),
    };
  });
  const asFailure = (refusal: Refusal): Answer => refused(refusal, rule);
  const alone = agreed(cases.map(({ refusals }) => refusals.map(asFailure)));
  const beside = rule.call === "create" ? refusedBeside(rule, earlier).map(asFailure) : [];
  const failures = [...(alone ?? []), ...beside];
  if (failures.length > 0) return failures;
  const [{ undecided } = { undecided: [] }] = cases;
  if (undecided.length > 0) return [valuesUnknown(creationCheck.title, rule, undecided)];
  if (alone === null) return [locationUnknown(creationCheck.title, rule)];
  return mayExistAlready(rule, earlier) ? [undecidedTwin] : [accepted];
}

function refusedBeside(rule: DeclaredRule, earlier: readonly DeclaredRule[]): readonly Refusal[] {
  const prefix = prefixOf(rule);
  if (!rule.isCertain) return [];
  const certain = earlier.filter(({ isCertain }) => isCertain);
  const twin = prefix === null ? undefined : certain.find((other) => prefixOf(other) === prefix);
  return [
    ...(twin === undefined ? [] : [alreadyExists(`is that of ${twin.address} too`)]),
    ...(prefix !== null && rule.replaces === prefix ? [alreadyExists(stillThere)] : []),
    ...(certain.length >= rulesToARegistry ? [beyondLimit(certain.length)] : []),
  ];
}

const stillThere =
  "is still that of the rule it replaces, which is deleted only later (create_before_destroy)";

function alreadyExists(problem: string): Refusal {
  return {
    exception: "PullThroughCacheRuleAlreadyExistsException",
    parameter: "ecrRepositoryPrefix",
    problem,
  };
}

function beyondLimit(before: number): Refusal {
  return {
    exception: "LimitExceededException",
    parameter: "ecrRepositoryPrefix",
    problem: `belongs to one rule more than the ${rulesToARegistry} that a registry can have: ${before} come before it`,
  };
}

function mayExistAlready(rule: DeclaredRule, earlier: readonly DeclaredRule[]): boolean {
  const prefix = prefixOf(rule);
  return earlier.some((other) => prefixOf(other) === prefix && !(other.isCertain && rule.isCertain));
}

const leftAsItIs: Answer = {
  status: "NOT_APPLICABLE",
  kind: "exists-already",
  subject: "",
  data: {},
  prose: () => ({
    title: creationCheck.title,
    message: "The rule exists already, and AWS is asked nothing about it.",
    remediation: "Nothing to do.",
  }),
};

const accepted: Answer = {
  status: "PASS",
  kind: "accepted",
  subject: "",
  data: {},
  prose: () => ({
    title: creationCheck.title,
    message: "Nothing in the code makes AWS refuse the rule.",
    remediation: "Nothing to do.",
  }),
};

const undecidedTwin: Answer = {
  status: "UNKNOWN",
  kind: "condition-unknown",
  subject: "condition",
  data: {},
  prose: () => ({
    title: `Cannot tell: ${creationCheck.title}`,
    message: "Another rule has the same prefix, and conditions decide which of them there will be.",
    remediation: "Nothing to do where the conditions exclude each other. See --parameter to decide them.",
  }),
};

function refused({ exception, parameter, problem }: Refusal, { names }: DeclaredRule): Answer {
  return {
    status: "FAIL",
    kind: exception,
    subject: parameter,
    data: { exception, parameter, problem },
    prose: () => ({
      title: `AWS would refuse the rule: ${exception}`,
      message: `${names[parameter]} ${problem}.`,
      remediation: fixes[exception],
    }),
  };
}

const fixes: Readonly<Record<CreateException, string>> = {
  InvalidParameterException:
    "Write the parameter as CreatePullThroughCacheRule takes it (Amazon ECR API reference).",
  UnsupportedUpstreamRegistryException:
    "Name an upstream that ECR caches, spelled as the Amazon ECR user guide spells it.",
  SecretNotFoundException:
    "Name a secret of the registry's own account and region, whose name begins with ecr-pullthroughcache/.",
  PullThroughCacheRuleAlreadyExistsException:
    "Give each rule of a registry a prefix of its own. A rule that must be replaced is deleted first.",
  LimitExceededException: "Delete rules that are not used any more: the quota can not be raised.",
};
