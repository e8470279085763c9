import { arnIn, makeAnew, updateRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { RuleParts } from "../../ecr/rule.ts";
import type { CheckText } from "../verdict.ts";

export type UpstreamRoleKinds = {
  "role-missing": { upstreamRegistryUrl: string; upstreamAccount: string };
  "role-needless": RuleParts & { customRoleArn: string };
  "not-a-role": { customRoleArn: string };
  "role-of-another-account": { name: string; account: string };
  "role-not-allowed": { name: string; allowed: readonly string[] };
  "not-an-ecr-upstream": { upstreamRegistryUrl: string };
};

export const upstreamRoleText: CheckText<UpstreamRoleKinds> = {
  title: "Upstream role",
  failsWhen: "an ECR→ECR rule lacks the role it needs, or uses one of another account or name",
  kinds: {
    "role-missing": {
      title: "Role is missing",
      message: ({ upstreamRegistryUrl, upstreamAccount }, { account }) =>
        `${upstreamRegistryUrl} belongs to account ${upstreamAccount}: ECR needs a role of ${account} to pull from there, and the rule has none. Cached tags go on working; new ones will not be pulled.`,
      remediation: (_data, ref) => giveRole(ref),
    },
    "role-needless": {
      title: "Role is needless",
      message: ({ upstreamRegistryUrl, customRoleArn }) =>
        `The rule has the role ${customRoleArn}, and ECR uses roles for ECR upstreams only, not for ${upstreamRegistryUrl}.`,
      remediation: (parts, ref) =>
        `ECR takes no role off a rule. ${makeAnew(ref, { ...parts, customRoleArn: null })}`,
    },
    "not-a-role": {
      title: "Role is not the ARN of a role",
      message: ({ customRoleArn }) => `${customRoleArn} is not the ARN of an IAM role.`,
      remediation: (_data, ref) => giveRole(ref),
    },
    "role-of-another-account": {
      title: "Role belongs to another account",
      message: ({ name, account }, ref) =>
        `ECR uses roles of the rule's own account, ${ref.account}; the role ${name} belongs to ${account}.`,
      remediation: (_data, ref) => giveRole(ref),
    },
    "role-not-allowed": {
      title: "Role is not one that the policy allows",
      message: ({ name, allowed }) =>
        `Rules like this one use the role ${allowed.join(" or ")}; this one uses ${name}.`,
      remediation: (_data, ref) =>
        `Allow the role in roleNames, when it is meant to be used. Otherwise: ${giveRole(ref)}`,
    },
    "not-an-ecr-upstream": {
      title: "Upstream is no ECR registry",
      message: ({ upstreamRegistryUrl }) =>
        `Rules for ECR registries use roles; ${upstreamRegistryUrl} is not known to be one.`,
      remediation: () => "Nothing to do.",
    },
  },
};

function giveRole(ref: RuleRef): string {
  const arn = arnIn("iam", ref, "role/ROLE_NAME");
  return `Give the rule a role of account ${ref.account} that pullthroughcache.ecr.amazonaws.com may assume and that may pull from the upstream; new images are then pulled with it, and cached ones stay: ${updateRule(ref, { "custom-role-arn": arn })}`;
}
