import type { CheckText } from "../verdict.ts";

export type RuleValidationKinds = {
  "validation-failed": { failure: string; upstreamRegistryUrl: string; credentialArn: string | null };
  "validation-declined": { detail: string };
  "rule-deleted": Record<string, never>;
};

export const ruleValidationText: CheckText<RuleValidationKinds> = {
  title: "Upstream validation",
  failsWhen: "ValidatePullThroughCacheRule says `isValid: false`, twice",
  kinds: {
    "validation-failed": {
      title: "Rule can not reach its upstream",
      message: ({ failure, upstreamRegistryUrl }) =>
        `AWS could not validate the rule against ${upstreamRegistryUrl}: ${withoutDot(failure)}. Cached tags go on working; new ones will not be pulled.`,
      remediation: ({ credentialArn }, { region, prefix }) =>
        [
          credentialArn === null
            ? "Check the rule's upstream, and its role where it has one."
            : `Put a working user name and token into ${credentialArn} (keys username and accessToken).`,
          `Then run: aws ecr validate-pull-through-cache-rule --region ${region} --ecr-repository-prefix ${prefix}`,
        ].join(" "),
    },
    "validation-declined": {
      title: "AWS does not validate this rule",
      message: ({ detail }) => `ValidatePullThroughCacheRule does not take this rule: ${detail}`,
      remediation: () => "Pull an image through the rule to see that it works.",
    },
    "rule-deleted": {
      title: "Rule was deleted during the audit",
      message: () => "The rule was listed, and gone when it was to be validated.",
      remediation: () => "Nothing to do.",
    },
  },
};

/** AWS ends some of its texts with a full stop. */
function withoutDot(text: string): string {
  return text.replace(/\.+$/, "");
}
