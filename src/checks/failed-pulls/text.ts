import { type Advice, advice } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

/** Failures of one code, as far as they were heard of. */
type Failures = {
  code: string;
  upstreamRegistryUrl: string;
  credentialArn: string | null;
  /** What goes on changing while pulls fail. */
  heard: {
    count: number;
    windowHours: number;
    firstAt: string;
    lastAt: string;
    repository: string | null;
    tag: string | null;
    reason: string | null;
  };
};

export type FailedPullsKinds = {
  "upstream-access-denied": Failures;
  "upstream-rate-limited": Failures;
  "upstream-unavailable": Failures;
  "kms-failed": Failures;
  "image-not-found": Failures & { isRoot: boolean };
  "pulls-failed": Failures;
  "failures-do-not-count": { windowHours: number };
  "nothing-heard": { windowHours: number };
};

const bySecret = {
  kind: "secret",
  by: "credentialArn",
  within: "fleet",
} as const;

const byUpstream = {
  kind: "upstream",
  by: "upstreamRegistryUrl",
  within: "fleet",
} as const;

export const failedPullsText: CheckText<FailedPullsKinds> = {
  title: "Failed pulls",
  failsWhen: "pulls through the rule failed within the window, and none has succeeded since",
  kinds: {
    "upstream-access-denied": {
      title: "Upstream denies pulls",
      message: messageOf,
      causes: [bySecret],
      remediation: ({ upstreamRegistryUrl, credentialArn }, ref) =>
        credentialArn === null
          ? advice`Find out whether the image at ${upstreamRegistryUrl} may be pulled without a credential; if not, give the rule one, or a role if its upstream is ECR. ${thenValidate(ref)}`
          : advice`Create a new token at ${upstreamRegistryUrl} that may pull this image, and store it in the secret in account ${ref.account} (keys username and accessToken): ${aws("secretsmanager put-secret-value", ref, { "secret-id": credentialArn, "secret-string": "file://credential.json" })}; then validate the rule: ${validate(ref)}`,
    },
    "upstream-rate-limited": {
      title: "Upstream limits the rate of pulls",
      message: messageOf,
      causes: [bySecret, byUpstream],
      remediation: ({ upstreamRegistryUrl, credentialArn }, { account }) =>
        credentialArn === null
          ? `${upstreamRegistryUrl} limits pulls without a credential. Give the rule in account ${account} a credential if the upstream takes one; otherwise, wait for the limit to reset.`
          : `${upstreamRegistryUrl} limits the pulls of the credential's owner, which rules of several accounts may share. Wait for the limit to reset; if it returns, use a token with a higher limit in account ${account}.`,
    },
    "upstream-unavailable": {
      title: "Upstream does not answer pulls",
      message: messageOf,
      causes: [byUpstream],
      remediation: ({ upstreamRegistryUrl }, { account, region }) =>
        `Look at the status page of ${upstreamRegistryUrl}. If it is up, correct the upstream of the rule in account ${account}, ${region}.`,
    },
    "kms-failed": {
      title: "AWS KMS fails pulls",
      message: messageOf,
      remediation: (_data, { account, region }) =>
        `In account ${account}, ${region}, see whether the KMS key of the repository, or of the repository creation template for this prefix, is enabled and lets ECR and the template's role use it.`,
    },
    "image-not-found": {
      title: "Upstream does not have the image",
      message: ({ isRoot, ...data }) =>
        isRoot
          ? `${messageOf(data)} The rule is for ROOT: each name that no repository of the registry has is asked of the upstream. It may be mistyped, or that of a private repository that does not exist here; whoever publishes an image of this name at the upstream decides what is pulled.`
          : `${messageOf(data)} The name or the tag may be mistyped.`,
      remediation: ({ heard: { repository } }, { account }) =>
        `Correct the image's name or tag where it is pulled from account ${account}${repository === null ? "" : `: ${repository}`}. If it is meant to fail, add the code to failedPulls.ignoreCodes.`,
    },
    "pulls-failed": {
      title: "Pulls fail",
      message: messageOf,
      remediation: (_data, ref) =>
        advice`Pull the image in account ${ref.account} to see the whole error. Usual causes: whoever pulls may not call ecr:BatchImportUpstreamImage or ecr:CreateRepository, or the repository creation template sets tags or a KMS key that its role cannot use. ${thenValidate(ref)}`,
    },
    "failures-do-not-count": {
      title: "Failed pulls do not count",
      message: ({ windowHours }) =>
        `Pulls failed in the last ${windowHours} hours, but fewer than failedPulls.atLeast, or with codes in failedPulls.ignoreCodes.`,
      remediation: () => "No action needed.",
    },
    "nothing-heard": {
      title: "Nothing was heard of pulls",
      message: ({ windowHours }) =>
        `The auditor heard of no pull through the rule in the last ${windowHours} hours. That does not mean that pulls succeed.`,
      remediation: () =>
        "Nothing to do. To hear of pulls, deploy deploy/member-events.yml with ForwardFailedPulls.",
    },
  },
};

function messageOf({ code, upstreamRegistryUrl, heard }: Failures): string {
  const { count, windowHours, lastAt, repository, tag, reason } = heard;
  const pulls = count === 1 ? "1 pull" : `${count} pulls`;
  const image = repository === null ? "" : `, of ${tag === null ? repository : `${repository}:${tag}`}`;
  const because = reason === null ? "" : `: ${reason.replace(/\.+$/, "")}`;
  return `${pulls} from ${upstreamRegistryUrl} failed with ${code} in the last ${windowHours} hours, and none has succeeded since. The last failed at ${lastAt}${image}${because}.`;
}

function validate(ref: RuleRef) {
  return aws("ecr validate-pull-through-cache-rule", ref, { "ecr-repository-prefix": ref.prefix });
}

function thenValidate(ref: RuleRef): Advice {
  return advice`Then validate the rule: ${validate(ref)}`;
}
