import { type Advice, advice } from "../../core/advice.ts";
import { deleteRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

export type PrefixConventionKinds = {
  "prefix-pattern": { pattern: string };
  "prefix-length": { length: number; maxLength: number };
  "prefix-of-upstream": { upstreamRegistry: string; allowed: readonly string[] };
};

function recreate(_data: unknown, ref: RuleRef): Advice {
  return advice`A prefix cannot be changed. In account ${ref.account}, create a rule with a compliant prefix, move the clients to it, then delete this rule: ${deleteRule(ref)}`;
}

/** One new prefix resolves all failures of a name. */
const thePrefix = [{ kind: "prefix", by: "prefix", within: "registry" }] as const;

export const prefixConventionText: CheckText<PrefixConventionKinds> = {
  title: "Prefix convention",
  failsWhen: "the prefix violates `prefixes`, or is not one of its upstream's `prefixes`",
  kinds: {
    "prefix-pattern": {
      causes: thePrefix,
      title: "Prefix does not match the naming pattern",
      message: ({ pattern }, { prefix }) => `The prefix ${prefix} does not match ${pattern}.`,
      remediation: recreate,
    },
    "prefix-length": {
      causes: thePrefix,
      title: "Prefix is too long",
      message: ({ length, maxLength }, { prefix }) =>
        `The prefix ${prefix} has ${length} characters; the policy allows at most ${maxLength}.`,
      remediation: recreate,
    },
    "prefix-of-upstream": {
      causes: thePrefix,
      title: "Prefix is not allowed for its upstream",
      message: ({ upstreamRegistry, allowed }, { prefix }) =>
        `The policy allows the prefix ${allowed.join(" or ")} for ${upstreamRegistry}; this rule has ${prefix}.`,
      remediation: recreate,
    },
  },
};
