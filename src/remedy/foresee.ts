import { checksOf } from "../checks/index.ts";
import type { RegistryCheck } from "../checks/judgement.ts";
import { byParameter, set, unset } from "../iac/declared-rule.ts";
import { refusalsOf } from "../iac/refusals.ts";
import { present } from "../model/evidence.ts";
import type { PullThroughCacheRule } from "../model/rule.ts";
import { parametersOf } from "../model/rule-parameters.ts";
import type { ObservedRule, RegistrySnapshot } from "../model/snapshot.ts";
import type { Target } from "../model/target.ts";
import type { Policy } from "../policy/schema.ts";

/**
 * The checks by which a change is judged before it is planned: those that look at what rules are made of. What
 * AWS says of the registry around them is not known before the change.
 */
const foreseeable = [
  "allowed-upstream",
  "prefix-convention",
  "root-prefix",
  "overlapping-prefixes",
  "duplicate-upstream",
  "upstream-credentials",
  "secret-health",
  "upstream-role",
  "upstream-scope",
  "required-rule",
  "undeclared-rule",
];

/** A failure, as findings are told apart here. */
export type Failure = { readonly key: string; readonly message: string };

/** What a registry fails by, were its rules these. */
export function failuresOf(
  registry: RegistrySnapshot,
  rules: readonly ObservedRule[],
  policy: Policy,
  now: Date,
): readonly Failure[] {
  const supposed = { ...registry, rules: present(rules) };
  return checksOf(policy)
    .filter((check): check is RegistryCheck => check.looksAt === "registry")
    .filter(({ id }) => isForeseeable(id, policy) && policy.checks[id]?.enabled !== false)
    .flatMap((check) =>
      check
        .judge({ registry: supposed, policy, now, inScope: () => true })
        .filter(({ status }) => status === "FAIL")
        .map(({ kind, prefix, prose }) => ({
          key: failureKey({ check: check.id, kind, prefix }),
          message: `${check.id}: ${prose().message}`,
        })),
    );
}

function isForeseeable(id: string, { customChecks }: Policy): boolean {
  return foreseeable.includes(id) || customChecks.some((check) => check.id === id);
}

/** By what a failure is known before and after a change. */
export function failureKey({
  check,
  kind,
  prefix,
}: {
  readonly check: string;
  readonly kind: string;
  readonly prefix: string | null;
}): string {
  return JSON.stringify([check, kind, prefix]);
}

/** Why CreatePullThroughCacheRule would refuse a rule; empty where nothing speaks against it. */
export function refusalWords(rule: PullThroughCacheRule, { account, region }: Target): readonly string[] {
  const given: ReadonlyMap<string, string> = new Map(Object.entries(parametersOf(rule)));
  const parameters = byParameter((parameter) => {
    const value = given.get(parameter);
    return value === undefined ? unset : set(value);
  });
  return refusalsOf({ parameters, account, region }).refusals.map(
    ({ exception, parameter, problem }) => `${exception}: ${parameter} ${problem}`,
  );
}
