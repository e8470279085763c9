import { type Advice, advice, Command } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import { actionsOf, type LetIn, whoOf } from "../iam/let-in.ts";
import type { CheckText } from "../verdict.ts";

export type RegistryPolicyKinds = {
  "untrusted-let-in": LetIn;
  /** `principals` holds those of NotPrincipal. */
  "all-but-some-let-in": LetIn;
  "organization-unknown": LetIn;
  "statement-not-understood": LetIn;
  "not-a-policy": { problem: string };
};

const thePolicy = [{ kind: "registry-policy", by: null, within: "registry" }] as const;

export const registryPolicyText: CheckText<RegistryPolicyKinds> = {
  title: "Registry policy",
  failsWhen: "the registry policy allows an untrusted principal to change what is cached, or how",
  kinds: {
    "untrusted-let-in": {
      causes: thePolicy,
      title: "Registry policy allows untrusted principals",
      message: (data) => `Statement ${data.statement} allows ${whoOf(data)} to use ${actionsOf(data)}.`,
      remediation: narrow,
    },
    "all-but-some-let-in": {
      causes: thePolicy,
      title: "Registry policy allows everyone except the principals it names",
      message: (data) =>
        `Statement ${data.statement} is an Allow with NotPrincipal: it allows everyone except ${whoOf(data)} to use ${actionsOf(data)}.`,
      remediation: narrow,
    },
    "organization-unknown": {
      title: "Could not verify the organization that the registry policy allows",
      message: (data) =>
        `Statement ${data.statement} allows ${whoOf(data)} to use ${actionsOf(data)}, but the ID of your organization is not known.`,
      remediation: () =>
        advice`Set registryPolicy.organizationId in the policy file to the ID of your organization, which this command prints: ${new Command("aws organizations describe-organization --query Organization.Id --output text")}`,
    },
    "statement-not-understood": {
      causes: thePolicy,
      title: "Could not verify the principals that the registry policy allows",
      message: (data) =>
        `Statement ${data.statement} allows ${whoOf(data)} to use ${actionsOf(data)}; the auditor could not determine whether all of them are trusted.`,
      remediation: narrow,
    },
    "not-a-policy": {
      causes: thePolicy,
      title: "Registry policy could not be parsed",
      message: ({ problem }) => `The auditor could not parse the registry policy: ${problem}`,
      remediation: (_data, ref) =>
        advice`In account ${ref.account}, review the policy and rewrite it in standard IAM policy syntax; this command prints it: ${getPolicy(ref)}`,
    },
  },
};

function narrow({ statement }: LetIn, ref: RuleRef): Advice {
  return advice`In account ${ref.account}, get the policy: ${new Command(`${getPolicy(ref)} > registry-policy.json`)}; change statement ${statement} to name only trusted accounts, or, if the organization is trusted, add a StringEquals condition on aws:PrincipalOrgID; then apply it: ${aws("ecr put-registry-policy", ref, { "policy-text": "file://registry-policy.json" })}`;
}

function getPolicy(ref: RuleRef): Command {
  return aws("ecr get-registry-policy", ref, { query: "policyText", output: "text" });
}
