import type { Finding } from "../model/finding.ts";
import type { ObservedRule, RegistrySnapshot } from "../model/snapshot.ts";
import { isSamePrefix } from "../policy/prefix.ts";
import { actionOf, prefixOf } from "./change-of.ts";
import type { Draft } from "./draft.ts";
import { type Failure, failureKey, refusalWords } from "./foresee.ts";

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
  return draft.findings.some(isMendedIn(next)) ? null : `${wordsOf(draft)} would not do.`;
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
export function isMendedIn({ failures }: State): (finding: Finding) => boolean {
  const left = new Set(failures.map(({ key }) => key));
  return (finding) => !left.has(failureKey(finding));
}
