import { arnIn, giveNewSecret, makeAnew, secretNameFor, updateRule } from "../../ecr/commands.ts";
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
  failsWhen: "a credential is missing, needless, of another account or region, or not named as allowed",
  kinds: {
    "credential-missing": {
      title: "Credential is missing",
      message: ({ upstreamRegistryUrl }) =>
        `${upstreamRegistryUrl} wants a credential, and the rule has none. Cached tags go on working; new ones will not be pulled.`,
      remediation: (_data, ref) => giveNewSecret(ref),
    },
    "credential-needless": {
      title: "Credential is needless",
      message: ({ upstreamRegistryUrl, credentialArn }) =>
        `${upstreamRegistryUrl} takes no credential, and the rule has ${credentialArn}: a token that nothing needs can only leak.`,
      remediation: (parts, ref) =>
        `ECR takes no credential off a rule. ${makeAnew(ref, { ...parts, credentialArn: null })}`,
    },
    "credential-not-a-secret": {
      title: "Credential is not the ARN of a secret",
      message: ({ credentialArn }) => `${credentialArn} is not the ARN of a secret in AWS Secrets Manager.`,
      remediation: (_data, ref) => nameAnother(ref),
    },
    "credential-elsewhere": {
      title: "Credential lies in another account or region",
      message: ({ name, account, region }, ref) =>
        `ECR takes credentials from the rule's own account and region, ${ref.account} in ${ref.region}; the secret ${name} lies in ${account} in ${region}.`,
      remediation: (_data, ref) => nameAnother(ref),
    },
    "credential-out-of-reach": {
      title: "Credential has a name that ECR can not read",
      message: ({ name }) =>
        `ECR reads only secrets whose names begin with ecr-pullthroughcache/; this one is ${name}.`,
      remediation: (_data, ref) => nameAnother(ref),
    },
    "credential-not-allowed": {
      title: "Credential is not one that the policy allows",
      message: ({ name, allowed }) =>
        `Rules like this one authenticate with the secret ${allowed.join(" or ")}; this one does with ${name}.`,
      remediation: (_data, ref) =>
        `Allow the secret in secretNames, when it is meant to be used. Otherwise: ${nameAnother(ref)}`,
    },
    "authentication-unknown": {
      title: "Nobody knows whether this upstream wants a credential",
      message: ({ upstreamRegistryUrl }) =>
        `This version of pull-through-auditor does not know what ${upstreamRegistryUrl} authenticates with, and the rule has no credential.`,
      remediation: () => "Nothing to do, unless the rule's validation fails.",
    },
  },
};

function nameAnother(ref: RuleRef): string {
  const arn = arnIn("secretsmanager", ref, `secret:${secretNameFor(ref)}-SUFFIX`);
  return `In account ${ref.account} give the rule a secret of that account in ${ref.region} whose name begins with ecr-pullthroughcache/; new images are then pulled with it, and cached ones stay: ${updateRule(ref, { "credential-arn": arn })}`;
}
