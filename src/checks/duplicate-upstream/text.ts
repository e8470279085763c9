import { advice } from "../../core/advice.ts";
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
      title: "Another rule already caches the same upstream",
      message: ({ oldestPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix }, { prefix }) =>
        `${prefix} and the older ${oldestPrefix} both cache ${upstreamRepositoryPrefix === ROOT_PREFIX ? "all" : upstreamRepositoryPrefix} of ${upstreamRegistryUrl}, so each image is pulled, stored and scanned once per rule.`,
      remediation: ({ oldestPrefix }, ref) =>
        advice`Move all clients from ${ref.prefix} to ${oldestPrefix}. Then, in account ${ref.account}, delete this rule; its repositories remain but receive no new images: ${deleteRule(ref)}`,
    },
  },
};
