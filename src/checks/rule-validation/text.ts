import type { CheckText } from "../verdict.ts";
import { adviceFor } from "./advice.ts";

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
        { kind: "secret", by: "credentialArn", within: "fleet", when: isAboutSecret },
        { kind: "role", by: "prefix", within: "registry", when: isAboutRole },
        { kind: "upstream", by: "upstreamRegistryUrl", within: "fleet", when: isAboutUpstream },
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

/** Whether AWS says that the secret is what does not work. AWS documents no list of its messages. */
function isAboutSecret({ failure }: Readonly<Record<string, unknown>>): boolean {
  return typeof failure === "string" && /secret|credential|token|auth|denied|forbidden/i.test(failure);
}

/** Whether AWS says that the role of the rule is missing, or not allowed to pull. */
function isAboutRole({ failure }: Readonly<Record<string, unknown>>): boolean {
  return typeof failure === "string" && /\brole\b/i.test(failure);
}

/** Whether AWS says that the upstream does not answer, which every rule for it then says. */
function isAboutUpstream({ failure }: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof failure === "string" && /unreachable|unavailable|time[ds]? ?out|connect|resolve/i.test(failure)
  );
}
