import { aws } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

type LetIn = {
  statement: string;
  actions: readonly string[];
  principals: readonly string[];
  conditions: readonly string[];
};

export type RegistryPolicyKinds = {
  "untrusted-let-in": LetIn;
  /** The principals are those of NotPrincipal. */
  "all-but-some-let-in": LetIn;
  "organization-unknown": LetIn;
  "statement-not-understood": LetIn;
  "not-a-policy": { problem: string };
};

export const registryPolicyText: CheckText<RegistryPolicyKinds> = {
  title: "Registry policy",
  failsWhen: "the registry policy lets an untrusted principal import or create",
  kinds: {
    "untrusted-let-in": {
      title: "Registry policy lets in principals that are not trusted",
      message: (data) => `Statement ${data.statement} lets ${whoOf(data)} use ${actionsOf(data)}.`,
      remediation: narrow,
    },
    "all-but-some-let-in": {
      title: "Registry policy lets everybody in but those it names",
      message: (data) =>
        `Statement ${data.statement} allows with NotPrincipal: it lets everybody but ${whoOf(data)} use ${actionsOf(data)}.`,
      remediation: narrow,
    },
    "organization-unknown": {
      title: "Cannot tell whose organization the registry policy lets in",
      message: (data) =>
        `Statement ${data.statement} lets ${whoOf(data)} use ${actionsOf(data)}; which organization is yours was not asked.`,
      remediation: () =>
        "Give your organization's id as registryPolicy.organizationId in the policy file; it is shown by: aws organizations describe-organization --query Organization.Id --output text",
    },
    "statement-not-understood": {
      title: "Cannot tell whom the registry policy lets in",
      message: (data) =>
        `Statement ${data.statement} lets ${whoOf(data)} use ${actionsOf(data)}; whether all of them are trusted can not be told.`,
      remediation: narrow,
    },
    "not-a-policy": {
      title: "Registry policy can not be understood",
      message: ({ problem }) => `The registry policy is none that the auditor understands: ${problem}`,
      remediation: (_data, ref) => `Look at it, and write it in the usual form: ${getPolicy(ref)}`,
    },
  },
};

function whoOf({ principals, conditions }: LetIn): string {
  const who = principals.join(", ");
  return conditions.length === 0 ? who : `${who} (under ${conditions.join("; ")})`;
}

function actionsOf({ actions }: LetIn): string {
  return actions.join(" and ");
}

function narrow({ statement }: LetIn, ref: RuleRef): string {
  return [
    `Get the policy: ${getPolicy(ref)} > registry-policy.json;`,
    `let statement ${statement} name trusted accounts only, or, where the organization is trusted, add a condition StringEquals on aws:PrincipalOrgID;`,
    `then put it back: ${aws("ecr put-registry-policy", ref, { "policy-text": "file://registry-policy.json" })}`,
  ].join(" ");
}

function getPolicy(ref: RuleRef): string {
  return aws("ecr get-registry-policy", ref, { query: "policyText", output: "text" });
}
