import { deleteRule } from "../../ecr/commands.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { CheckText } from "../verdict.ts";

export type DuplicateUpstreamKinds = {
  "upstream-cached-already": {
    oldestPrefix: string;
    upstreamRegistryUrl: string;
    upstreamRepositoryPrefix: string;
  };
};

export const duplicateUpstreamText: CheckText<DuplicateUpstreamKinds> = {
  title: "Duplicate upstreams",
  failsWhen: "two rules of a registry cache the same upstream and upstream prefix",
  kinds: {
    "upstream-cached-already": {
      title: "Another rule caches the same upstream already",
      message: ({ oldestPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix }, { prefix }) =>
        `${prefix} and the older ${oldestPrefix} both cache ${upstreamRepositoryPrefix === ROOT_PREFIX ? "all" : upstreamRepositoryPrefix} of ${upstreamRegistryUrl}: images are pulled, stored and scanned once for each.`,
      remediation: ({ oldestPrefix }, ref) =>
        `Let everything that pulls through ${ref.prefix} pull through ${oldestPrefix}. Then, in account ${ref.account}, delete this rule; the repositories that it filled stay, and it brings them nothing new any more: ${deleteRule(ref)}`,
    },
  },
};
