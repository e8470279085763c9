import { arnIn, makeAnew, updateRule } from "../../ecr/commands.ts";
import type { RuleParts } from "../../ecr/rule.ts";
import type { CheckText, Place } from "../verdict.ts";

export type UpstreamRoleKinds = {
  "role-missing": { upstreamRegistryUrl: string; upstreamAccount: string };
  "role-needless": RuleParts & { customRoleArn: string };
  "not-a-role": { customRoleArn: string };
  "role-of-another-account": { name: string; account: string };
  "role-not-allowed": { name: string; allowed: readonly string[] };
  "not-an-ecr-upstream": { upstreamRegistryUrl: string };
};

export const upstreamRoleText = {
  title: "Upstream role",
  failsWhen: "an ECR→ECR rule lacks the role it needs, or uses one of another account or name",
  kinds: {
    "role-missing": {
      title: "Role is missing",
      message: ({ upstreamRegistryUrl, upstreamAccount }, { account }) =>
        `${upstreamRegistryUrl} belongs to account ${upstreamAccount}: ECR needs a role of ${account} to pull from there, and the rule has none. Cached tags go on working; new ones will not be pulled.`,
      remediation: (_data, place) => giveRole(place),
    },
    "role-needless": {
      title: "Role is needless",
      message: ({ upstreamRegistryUrl, customRoleArn }) =>
        `The rule has the role ${customRoleArn}, and ECR uses roles for ECR upstreams only, not for ${upstreamRegistryUrl}.`,
      remediation: (parts, place) =>
        `ECR takes no role off a rule. ${makeAnew(place, { ...parts, customRoleArn: null })}`,
    },
    "not-a-role": {
      title: "Role is not the ARN of a role",
      message: ({ customRoleArn }) => `${customRoleArn} is not the ARN of an IAM role.`,
      remediation: (_data, place) => giveRole(place),
    },
    "role-of-another-account": {
      title: "Role belongs to another account",
      message: ({ name, account }, place) =>
        `ECR uses roles of the rule's own account, ${place.account}; the role ${name} belongs to ${account}.`,
      remediation: (_data, place) => giveRole(place),
    },
    "role-not-allowed": {
      title: "Role is not one that the policy allows",
      message: ({ name, allowed }) =>
        `Rules like this one use the role ${allowed.join(" or ")}; this one uses ${name}.`,
      remediation: (_data, place) =>
        `Allow the role in roleNames, when it is meant to be used. Otherwise: ${giveRole(place)}`,
    },
    "not-an-ecr-upstream": {
      title: "Upstream is no ECR registry",
      message: ({ upstreamRegistryUrl }) =>
        `Rules for ECR registries use roles; ${upstreamRegistryUrl} is not known to be one.`,
      remediation: () => "Nothing to do.",
    },
  },
} satisfies CheckText<UpstreamRoleKinds>;

function giveRole(place: Place): string {
  const arn = arnIn("iam", place, "role/ROLE_NAME");
  return `Give the rule a role of account ${place.account} that pullthroughcache.ecr.amazonaws.com may assume and that may pull from the upstream; new images are then pulled with it, and cached ones stay: ${updateRule(place, { "custom-role-arn": arn })}`;
}
