import type { CheckText } from "../verdict.ts";
import { adviceFor, sharedBy } from "./advice.ts";

export type RuleValidationKinds = {
  "validation-failed": { failure: string; upstreamRegistryUrl: string; credentialArn: string | null };
  "validation-declined": { detail: string };
  "rule-deleted": Record<string, never>;
};

export const ruleValidationText: CheckText<RuleValidationKinds> = {
  title: "Upstream validation",
  failsWhen: "ValidatePullThroughCacheRule returns `isValid: false` twice",
  kinds: {
    "validation-failed": {
      causes: [
        {
          kind: "secret",
          by: "credentialArn",
          within: "fleet",
          when: (facts) => sharedBy(facts) === "secret",
        },
        { kind: "role", by: "prefix", within: "registry", when: (facts) => sharedBy(facts) === "role" },
        {
          kind: "upstream",
          by: "upstreamRegistryUrl",
          within: "fleet",
          when: (facts) => sharedBy(facts) === "upstream",
        },
      ],
      title: "Rule cannot reach its upstream",
      message: ({ failure, upstreamRegistryUrl }) =>
        `AWS could not validate the rule against ${upstreamRegistryUrl}: ${withoutDot(failure)}. Cached tags still work; new tags cannot be pulled.`,
      remediation: adviceFor,
    },
    "validation-declined": {
      title: "AWS does not validate this rule",
      message: ({ detail }) =>
        `ValidatePullThroughCacheRule does not show whether this rule works: ${detail}`,
      remediation: (_data, { account }) =>
        `Pull an image through the rule in account ${account} to verify that it works.`,
    },
    "rule-deleted": {
      title: "Rule was deleted during the audit",
      message: () => "The rule was listed, but no longer existed when it was validated.",
      remediation: () => "No action needed.",
    },
  },
};

/** Some messages of AWS end with a full stop. */
function withoutDot(text: string): string {
  return text.replace(/\.+$/, "");
}
