import type { CheckText } from "../verdict.ts";

export type RootPrefixKinds = {
  "root-forbidden": { upstreamRegistryUrl: string };
};

export const rootPrefixText: CheckText<RootPrefixKinds> = {
  title: "ROOT prefix",
  failsWhen: "the prefix is `ROOT` and that is forbidden",
  kinds: {
    "root-forbidden": {
      title: "A ROOT rule caches whatever no other rule names",
      message: ({ upstreamRegistryUrl }) =>
        `Every pull of a repository that does not exist goes to ${upstreamRegistryUrl}: a typing error becomes an upstream image.`,
      remediation: (_data, { region }) =>
        `Create a rule with a prefix of its own, move its users, then run: aws ecr delete-pull-through-cache-rule --region ${region} --ecr-repository-prefix ROOT`,
    },
  },
};
