import { type RuleParameter, ruleParameters } from "./declared-rule.ts";
import { refusalsOfAccess } from "./refusals/of-access.ts";
import { refusalsOfForm } from "./refusals/of-form.ts";
import { refusalsOfUpstream } from "./refusals/of-upstream.ts";
import type { Creation, Refusal } from "./refusals/refusal.ts";
import { undocumentedIn } from "./refusals/undocumented.ts";

/** What can be said of a rule before it is created. */
export type Foresight = {
  readonly refusals: readonly Refusal[];
  /** The parameters that would have to be known to say more. */
  readonly undecided: readonly RuleParameter[];
};

/**
 * Foretells what CreatePullThroughCacheRule would refuse in one rule by itself, in the order in which a request
 * is examined: the form of each parameter, the upstream, the role, the credential, and how they fit together.
 */
export function refusalsOf(creation: Creation): Foresight {
  const refusals = [
    ...refusalsOfForm(creation),
    ...refusalsOfUpstream(creation),
    ...refusalsOfAccess(creation),
  ];
  return { refusals: onePerParameter(refusals), undecided: undecidedIn(creation) };
}

/** What is wrong with a parameter is told once: its form before what it means. */
function onePerParameter(refusals: readonly Refusal[]): readonly Refusal[] {
  const seen = new Set<RuleParameter>();
  return refusals.filter(({ parameter }) => {
    if (seen.has(parameter)) return false;
    seen.add(parameter);
    return true;
  });
}

function undecidedIn({ parameters }: Creation): readonly RuleParameter[] {
  const unknown = ruleParameters.filter((parameter) => parameters[parameter].state === "unknown");
  return [...unknown, ...undocumentedIn(parameters)];
}
