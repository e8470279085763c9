import { checksOf } from "../../checks/index.ts";
import type { RemediationAction } from "../../checks/remediation.ts";
import { findingId } from "../../core/ids.ts";
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

/** A failure, as findings are told apart here. */
type Failure = {
  readonly key: string;
  /** The id of the finding that it makes. */
  readonly findingId: string;
  readonly message: string;
  /** What remediates it. */
  readonly action: RemediationAction;
};

/** What a registry fails by, were its rules these. Only predictable checks are asked. */
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

/** By what a failure is known before and after a change. */
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

/** Why CreatePullThroughCacheRule would refuse a rule; empty where nothing speaks against it. */
function refusalWords(rule: PullThroughCacheRule, { account, region }: Target): readonly string[] {
  const given: ReadonlyMap<string, string> = new Map(Object.entries(parametersOf(rule)));
  const parameters = byParameter((parameter) => {
    const value = given.get(parameter);
    return value === undefined ? unset : set(value);
  });
  return refusalsOf({ parameters, account, region }).refusals.map(
    ({ exception, parameter, problem }) => `${exception}: ${parameter} ${problem}`,
  );
}

/** A registry's rules as they are or would be, and what it fails by then. */
export type State = { readonly rules: readonly ObservedRule[]; readonly failures: readonly Failure[] };

/** Why a draft is not to be carried out, as a question; `null` when it mends something and breaks nothing. */
export function objectionTo(
  draft: Draft,
  state: State,
  next: State,
  registry: RegistrySnapshot,
): string | null {
  const why = hindrance(draft, state, next, registry);
  return why === null ? null : `How is ${prefixOf(draft)} to be mended? ${why}`;
}

function hindrance(draft: Draft, state: State, next: State, { target }: RegistrySnapshot): string | null {
  const { before, after } = draft;
  if (after !== null) {
    const prefix = after.ecrRepositoryPrefix;
    const others = state.rules.filter(({ rule }) => rule !== before);
    if (others.some(({ rule }) => isSamePrefix(rule.ecrRepositoryPrefix, prefix))) {
      return `By this plan another rule has the prefix ${prefix}.`;
    }
    const [refusal] = refusalWords(after, target);
    if (refusal !== undefined) return `AWS would answer ${refusal}.`;
  }
  const known = new Set(state.failures.map(({ key }) => key));
  const broken = next.failures.find(({ key }) => !known.has(key));
  if (broken !== undefined) return `${wordsOf(draft)} would break something else: ${broken.message}`;
  return draft.findings.some(isFixedIn(next)) ? null : `${wordsOf(draft)} would not do.`;
}

function wordsOf(draft: Draft): string {
  switch (actionOf(draft)) {
    case "create":
      return "To create it";
    case "update":
      return "Another credential or role";
    case "replace":
      return `To replace it by ${draft.after?.ecrRepositoryPrefix} for ${draft.after?.upstreamRegistryUrl}`;
    case "delete":
      return "To delete it";
  }
}

/** Whether a finding is gone in a state. */
export function isFixedIn({ failures }: State): (finding: Finding) => boolean {
  const left = new Set(failures.map(({ key }) => key));
  return (finding) => !left.has(failureKey(finding));
}
