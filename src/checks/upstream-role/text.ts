import { type Advice, advice } from "../../core/advice.ts";
import { arnIn, recreateRule, updateRule } from "../../ecr/commands.ts";
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

const theRole = [{ kind: "role", by: "prefix", within: "registry" }] as const;

export const upstreamRoleText: CheckText<UpstreamRoleKinds> = {
  title: "Upstream role",
  failsWhen:
    "an ECR→ECR rule lacks a required role, or its role belongs to another account or is not allowed",
  kinds: {
    "role-missing": {
      causes: theRole,
      title: "Role is missing",
      message: ({ upstreamRegistryUrl, upstreamAccount }, { account }) =>
        `${upstreamRegistryUrl} belongs to account ${upstreamAccount}: ECR needs a role in ${account} to pull from it, but the rule has none. Cached tags still work; new tags cannot be pulled.`,
      remediation: (_data, ref) => giveRole(ref),
    },
    "role-needless": {
      title: "Role is unnecessary",
      message: ({ upstreamRegistryUrl, customRoleArn }) =>
        `The rule has the role ${customRoleArn}, but ECR uses roles only for ECR upstreams, not for ${upstreamRegistryUrl}.`,
      remediation: (parts, ref) =>
        advice`ECR cannot remove a role from a rule. ${recreateRule(ref, { ...parts, customRoleArn: null })}`,
    },
    "not-a-role": {
      causes: theRole,
      title: "Role is not the ARN of an IAM role",
      message: ({ customRoleArn }) => `${customRoleArn} is not the ARN of an IAM role.`,
      remediation: (_data, ref) => giveRole(ref),
    },
    "role-of-another-account": {
      causes: theRole,
      title: "Role belongs to another account",
      message: ({ name, account }, ref) =>
        `ECR uses only roles in the rule's own account, ${ref.account}; the role ${name} belongs to ${account}.`,
      remediation: (_data, ref) => giveRole(ref),
    },
    "role-not-allowed": {
      causes: theRole,
      title: "Role is not allowed by the policy",
      message: ({ name, allowed }) =>
        `The policy allows the role ${allowed.join(" or ")} for rules like this one; the rule uses ${name}.`,
      remediation: (_data, ref) =>
        advice`If the role is intended, add it to roleNames. Otherwise: ${giveRole(ref)}`,
    },
    "not-an-ecr-upstream": {
      title: "Upstream is not an ECR registry",
      message: ({ upstreamRegistryUrl }) =>
        `Only rules for ECR registries use roles; ${upstreamRegistryUrl} is not known to be one.`,
      remediation: () => "No action needed.",
    },
  },
};

function giveRole(ref: RuleRef): Advice {
  const arn = arnIn("iam", ref, "role/ROLE_NAME");
  return advice`Give the rule a role in account ${ref.account} that pullthroughcache.ecr.amazonaws.com can assume and that can pull from the upstream; new images are then pulled with it, and cached images remain: ${updateRule(ref, { "custom-role-arn": arn })}`;
}
