import type { CheckText } from "../verdict.ts";

export type OverlappingPrefixesKinds = {
  "prefix-inside-another": { outer: string; outerUpstream: string; upstream: string };
};

export const overlappingPrefixesText: CheckText<OverlappingPrefixesKinds> = {
  title: "Overlapping prefixes",
  failsWhen: "a rule's prefix is nested inside the prefix of another rule",
  kinds: {
    "prefix-inside-another": {
      title: "Prefix is nested inside the prefix of another rule",
      message: ({ outer, outerUpstream, upstream }, { prefix }) =>
        `${prefix} (${upstream}) is nested inside ${outer} (${outerUpstream}), so it is unclear which upstream serves an image.`,
      remediation: (_data, { account }) =>
        `In account ${account}, give one of the two rules a separate prefix: create a rule with the new prefix, move the clients to it, then delete the old rule.`,
    },
  },
};
