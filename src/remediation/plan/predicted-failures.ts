import { checksOf } from "../../checks/index.ts";
import type { RemediationAction } from "../../checks/remediation.ts";
import { findingId } from "../../core/ids.ts";
import { isCreationUnclear } from "../../ecr/partition.ts";
import { isSamePrefix } from "../../ecr/prefix.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { parametersOf } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { present } from "../../facts/evidence.ts";
import type { ObservedRule, RegistrySnapshot } from "../../facts/snapshot.ts";
import { byParameter, set, unset } from "../../iac/declared-rule.ts";
import { refusalsOf } from "../../iac/refusals/refusals.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Finding } from "../../schemas/finding.ts";
import { actionOf, prefixOf } from "./change.ts";
import type { Draft } from "./draft.ts";

/** A failure that the checks predict. */
type Failure = {
  readonly key: string;
  /** The id of its finding. */
  readonly findingId: string;
  readonly message: string;
  /** The action that remediates it. */
  readonly action: RemediationAction;
};

/** The failures that a registry would have with these rules, according to the predictable checks. */
export function failuresOf(
  registry: RegistrySnapshot,
  rules: readonly ObservedRule[],
  policy: Policy,
  now: Date,
): readonly Failure[] {
  const supposed = { ...registry, rules: present(rules) };
  const { account, region } = registry.target;
  return checksOf(policy)
    .filter((check) => check.looksAt === "registry")
    .filter(({ id, predictable }) => predictable && policy.checks[id]?.enabled !== false)
    .flatMap((check) =>
      check
        .evaluate({ registry: supposed, policy, now, inScope: () => true })
        .filter(({ status }) => status === "FAIL")
        .map(({ kind, prefix, subject, prose, action }) => ({
          key: failureKey({ check: check.id, kind, prefix }),
          findingId: findingId({ account, region, prefix, check: check.id, subject }),
          message: `${check.id}: ${prose().message}`,
          action: action(),
        })),
    );
}

/** Identifies a failure before and after a change. */
function failureKey({
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

/** The reasons for which CreatePullThroughCacheRule would refuse a rule; empty if it is valid. */
function refusalTexts(rule: PullThroughCacheRule, { account, region }: Target): readonly string[] {
  const given: ReadonlyMap<string, string> = new Map(Object.entries(parametersOf(rule)));
  const parameters = byParameter((parameter) => {
    const value = given.get(parameter);
    return value === undefined ? unset : set(value);
  });
  return refusalsOf({ parameters, account, region }).refusals.map(
    ({ exception, parameter, problem }) => `${exception}: ${parameter} ${problem}`,
  );
}

/** The current or planned rules of a registry, with the failures that they cause. */
export type State = { readonly rules: readonly ObservedRule[]; readonly failures: readonly Failure[] };

/** The objection to a draft, as a question; `null` if it fixes a finding and causes no new failure. */
export function objectionTo(
  draft: Draft,
  state: State,
  next: State,
  registry: RegistrySnapshot,
): string | null {
  const why = objectionIn(draft, state, next, registry);
  return why === null ? null : `How should ${prefixOf(draft)} be fixed? ${why}`;
}

function objectionIn(draft: Draft, state: State, next: State, { target }: RegistrySnapshot): string | null {
  const { before, after } = draft;
  if (after !== null) {
    const prefix = after.ecrRepositoryPrefix;
    const others = state.rules.filter(({ rule }) => rule !== before);
    if (others.some(({ rule }) => isSamePrefix(rule.ecrRepositoryPrefix, prefix))) {
      return `Another rule of this plan has the prefix ${prefix}.`;
    }
    const [refusal] = refusalTexts(after, target);
    if (refusal !== undefined) return `AWS would answer ${refusal}.`;
    if (actionOf(draft) !== "update" && isCreationUnclear(target.region)) {
      return `AWS's documents differ on whether rules can be created in ${target.region}, so a deleted rule may be lost. Try by hand whether ECR creates rules there.`;
    }
  }
  const known = new Set(state.failures.map(({ key }) => key));
  const broken = next.failures.find(({ key }) => !known.has(key));
  if (broken !== undefined) return `${descriptionOf(draft)} would cause another failure: ${broken.message}`;
  return draft.findings.some(isFixedIn(next)) ? null : `${descriptionOf(draft)} would not fix it.`;
}

function descriptionOf(draft: Draft): string {
  switch (actionOf(draft)) {
    case "create":
      return "Creating it";
    case "update":
      return "Changing its credential or role";
    case "replace":
      return `Replacing it with ${draft.after?.ecrRepositoryPrefix} for ${draft.after?.upstreamRegistryUrl}`;
    case "delete":
      return "Deleting it";
  }
}

/** Whether a state no longer contains a finding. */
export function isFixedIn({ failures }: State): (finding: Finding) => boolean {
  const left = new Set(failures.map(({ key }) => key));
  return (finding) => !left.has(failureKey(finding));
}
