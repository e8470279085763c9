import type { CheckText } from "../verdict.ts";

export type OverlappingPrefixesKinds = {
  "prefix-inside-another": { outer: string; outerUpstream: string; upstream: string };
};

export const overlappingPrefixesText: CheckText<OverlappingPrefixesKinds> = {
  title: "Overlapping prefixes",
  failsWhen: "one rule's prefix lies inside another's",
  kinds: {
    "prefix-inside-another": {
      title: "Prefix lies inside another rule's",
      message: ({ outer, outerUpstream, upstream }, { prefix }) =>
        `${prefix} (${upstream}) lies inside ${outer} (${outerUpstream}): it is unclear which upstream serves an image.`,
      remediation: () =>
        "Give one of the two rules a prefix of its own: create it anew, move its users, then delete the old one.",
    },
  },
};
