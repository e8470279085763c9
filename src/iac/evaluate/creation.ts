import { type DeclaredRule, prefixOf, type RuleParameter, ruleParameters } from "../declared-rule.ts";
import type { CreateException, Refusal } from "../refusals/refusal.ts";
import { refusalsOf } from "../refusals/refusals.ts";
import type { PossibleRegistry } from "./possible-registries.ts";
import { type Answer, agreed } from "./report.ts";
import { parametersAt } from "./rule-view.ts";
import { locationUnknown, valuesUnknown } from "./unknowns.ts";

/** What AWS would refuse is reported like a check. No policy turns it off, and no waiver applies to it. */
export const creationCheck = {
  id: "creation-refused",
  severity: "high",
  title: "Rules that AWS would refuse to create",
  docs: "docs/check.md",
} as const;

/** Pull through cache rules in a registry; not adjustable (Amazon ECR user guide, "Service quotas", November 2026). */
const rulesToARegistry = 50;

/** The rules of one registry that come before another, found by their prefixes. */
export class EarlierRules {
  readonly #certain = new Map<string | null, DeclaredRule>();
  readonly #uncertain = new Set<string | null>();
  /** How many of them will certainly exist. */
  certain = 0;

  /** The first rule with this prefix that will certainly exist. */
  certainWith(prefix: string | null): DeclaredRule | undefined {
    return this.#certain.get(prefix);
  }

  /** Whether a condition decides if a rule with this prefix will exist. */
  hasUncertainWith(prefix: string | null): boolean {
    return this.#uncertain.has(prefix);
  }

  /** Adds the next rule. */
  add(rule: DeclaredRule): void {
    const prefix = prefixOf(rule);
    if (!rule.isCertain) {
      this.#uncertain.add(prefix);
      return;
    }
    this.certain += 1;
    if (!this.#certain.has(prefix)) this.#certain.set(prefix, rule);
  }
}

/**
 * Whether CreatePullThroughCacheRule would refuse a rule, either for its own parameters or because of the rules that
 * come before it in the same registry.
 *
 * @param earlier the rules of the same registry that come before this one
 */
export function evaluateCreation(
  rule: DeclaredRule,
  earlier: EarlierRules,
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

function refusedBeside(rule: DeclaredRule, earlier: EarlierRules): readonly Refusal[] {
  const prefix = prefixOf(rule);
  if (!rule.isCertain) return [];
  const twin = prefix === null ? undefined : earlier.certainWith(prefix);
  return [
    ...(twin === undefined ? [] : [alreadyExists(`is also the prefix of ${twin.address}`)]),
    ...(prefix !== null && rule.replaces === prefix ? [alreadyExists(stillThere)] : []),
    ...(earlier.certain >= rulesToARegistry ? [beyondLimit(earlier.certain)] : []),
  ];
}

const stillThere =
  "is also the prefix of the rule that it replaces, which is deleted afterwards (create_before_destroy)";

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
    problem: `is of a rule beyond the quota of ${rulesToARegistry} for a registry: ${before} rules come before it`,
  };
}

function mayExistAlready(rule: DeclaredRule, earlier: EarlierRules): boolean {
  const prefix = prefixOf(rule);
  if (earlier.hasUncertainWith(prefix)) return true;
  return !rule.isCertain && earlier.certainWith(prefix) !== undefined;
}

const leftAsItIs: Answer = {
  status: "NOT_APPLICABLE",
  kind: "exists-already",
  subject: "",
  data: {},
  prose: () => ({
    title: creationCheck.title,
    message: "The rule exists already and is not changed.",
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
    title: `Not known: ${creationCheck.title}`,
    message: "Another rule has the same prefix, and conditions decide which of the two is created.",
    remediation: "Nothing to do if the conditions exclude each other. Use --parameter to decide them.",
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
    "Write the parameter as CreatePullThroughCacheRule accepts it (Amazon ECR API reference).",
  UnsupportedUpstreamRegistryException:
    "Name an upstream that ECR supports, as the Amazon ECR user guide spells it.",
  SecretNotFoundException:
    "Name a secret in the account and region of the registry. Its name must begin with ecr-pullthroughcache/.",
  PullThroughCacheRuleAlreadyExistsException:
    "Give each rule of a registry its own prefix. Delete a rule before you create its replacement.",
  LimitExceededException: "Delete rules that are no longer used. AWS does not raise this quota.",
};
