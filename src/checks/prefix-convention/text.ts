import type { CheckText } from "../verdict.ts";

export type PrefixConventionKinds = {
  "prefix-pattern": { pattern: string };
  "prefix-length": { length: number; maxLength: number };
  "prefix-of-upstream": { upstreamRegistry: string; allowed: readonly string[] };
};

const recreate =
  "A prefix can not be changed: create the rule under a fitting prefix, move its users, then delete this one.";

export const prefixConventionText: CheckText<PrefixConventionKinds> = {
  title: "Prefix convention",
  failsWhen: "the prefix breaks `prefixes`, or is not one of its upstream's `prefixes`",
  kinds: {
    "prefix-pattern": {
      title: "Prefix breaks the naming pattern",
      message: ({ pattern }, { prefix }) => `The prefix ${prefix} does not match ${pattern}.`,
      remediation: () => recreate,
    },
    "prefix-length": {
      title: "Prefix is too long",
      message: ({ length, maxLength }, { prefix }) =>
        `The prefix ${prefix} has ${length} characters; the policy allows ${maxLength}.`,
      remediation: () => recreate,
    },
    "prefix-of-upstream": {
      title: "Prefix does not belong to its upstream",
      message: ({ upstreamRegistry, allowed }, { prefix }) =>
        `Rules for ${upstreamRegistry} have the prefix ${allowed.join(" or ")}; this one has ${prefix}.`,
      remediation: () => recreate,
    },
  },
};
