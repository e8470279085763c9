import { type Advice, advice } from "../../core/advice.ts";
import { arnIn, giveNewSecret, recreateRule, secretNameFor, updateRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { RuleParts } from "../../ecr/rule.ts";
import type { CheckText } from "../verdict.ts";

export type UpstreamCredentialsKinds = {
  "credential-missing": { upstreamRegistryUrl: string };
  "credential-needless": RuleParts & { credentialArn: string };
  "credential-not-a-secret": { credentialArn: string };
  "credential-elsewhere": { name: string; account: string; region: string };
  "credential-out-of-reach": { name: string };
  "credential-not-allowed": { name: string; allowed: readonly string[] };
  "authentication-unknown": { upstreamRegistryUrl: string };
};

export const upstreamCredentialsText: CheckText<UpstreamCredentialsKinds> = {
  title: "Upstream credentials",
  failsWhen: "a credential is missing, unnecessary, in another account or region, or not allowed by name",
  kinds: {
    "credential-missing": {
      title: "Credential is missing",
      message: ({ upstreamRegistryUrl }) =>
        `${upstreamRegistryUrl} requires a credential, but the rule has none. Cached tags still work; new tags cannot be pulled.`,
      remediation: (_data, ref) => giveNewSecret(ref),
    },
    "credential-needless": {
      title: "Credential is unnecessary",
      message: ({ upstreamRegistryUrl, credentialArn }) =>
        `${upstreamRegistryUrl} does not use credentials, but the rule has ${credentialArn}: an unnecessary token can only leak.`,
      remediation: (parts, ref) =>
        advice`ECR cannot remove a credential from a rule. ${recreateRule(ref, { ...parts, credentialArn: null })}`,
    },
    "credential-not-a-secret": {
      title: "Credential is not the ARN of a secret",
      message: ({ credentialArn }) => `${credentialArn} is not the ARN of a secret in AWS Secrets Manager.`,
      remediation: (_data, ref) => nameAnother(ref),
    },
    "credential-elsewhere": {
      title: "Credential is in another account or region",
      message: ({ name, account, region }, ref) =>
        `ECR uses only credentials in the rule's own account and region (${ref.account}, ${ref.region}); the secret ${name} is in ${account}, ${region}.`,
      remediation: (_data, ref) => nameAnother(ref),
    },
    "credential-out-of-reach": {
      title: "ECR cannot read a secret with this name",
      message: ({ name }) =>
        `ECR can read only secrets whose names start with ecr-pullthroughcache/; the rule uses ${name}.`,
      remediation: (_data, ref) => nameAnother(ref),
    },
    "credential-not-allowed": {
      title: "Credential is not allowed by the policy",
      message: ({ name, allowed }) =>
        `The policy allows the secret ${allowed.join(" or ")} for rules like this one; the rule uses ${name}.`,
      remediation: (_data, ref) =>
        advice`If the secret is intended, add it to secretNames. Otherwise: ${nameAnother(ref)}`,
    },
    "authentication-unknown": {
      title: "Authentication of the upstream is unknown",
      message: ({ upstreamRegistryUrl }) =>
        `This version of pull-through-auditor does not know how to authenticate to ${upstreamRegistryUrl}, and the rule has no credential.`,
      remediation: (_data, { account }) =>
        `No action needed in account ${account}, unless the rule's validation fails.`,
    },
  },
};

function nameAnother(ref: RuleRef): Advice {
  const arn = arnIn("secretsmanager", ref, `secret:${secretNameFor(ref)}-SUFFIX`);
  return advice`In account ${ref.account}, give the rule a secret from that account in ${ref.region} whose name starts with ecr-pullthroughcache/; new images are then pulled with it, and cached images remain: ${updateRule(ref, { "credential-arn": arn })}`;
}
