import { advice } from "../../core/advice.ts";
import { deleteRule } from "../../ecr/commands.ts";
import type { CheckText } from "../verdict.ts";

export type RootPrefixKinds = {
  "root-forbidden": { upstreamRegistryUrl: string };
};

export const rootPrefixText: CheckText<RootPrefixKinds> = {
  title: "ROOT prefix",
  failsWhen: "the prefix is `ROOT` and the policy forbids it",
  kinds: {
    "root-forbidden": {
      title: "ROOT rule matches every repository that no other rule matches",
      message: ({ upstreamRegistryUrl }) =>
        `ECR requests every repository that does not exist from ${upstreamRegistryUrl}, so a typo can pull an image from the upstream.`,
      remediation: (_data, ref) =>
        advice`In account ${ref.account}, create a rule with a specific prefix, move the clients to it, then delete this one: ${deleteRule(ref)}`,
    },
  },
};
