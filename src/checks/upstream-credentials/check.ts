import { matchesAnyName, matchesName } from "../../core/wildcards.ts";
import { isSameLocation, parseSecretArn, type SecretArn } from "../../ecr/arn.ts";
import { type PullThroughCacheRule, partsOf } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { authenticationOf } from "../../ecr/upstream.ts";
import { entriesOnAccess, namesAllowed } from "../../policy/matching/allowed.ts";
import { defineRuleCheck, type RuleContext } from "../define-check.ts";
import { pass, type Verdict } from "../verdict.ts";
import { upstreamCredentialsRemediation } from "./remediation.ts";
import { type UpstreamCredentialsKinds, upstreamCredentialsText } from "./text.ts";

/**
 * The names of the secrets that ECR can read. Its service-linked role cannot read other secrets (Amazon ECR user
 * guide, "Amazon ECR service-linked role for pull through cache", November 2026).
 */
const READABLE_BY_ECR = "ecr-pullthroughcache/*";

/** Fails if a rule does not authenticate in the way that its upstream, ECR and the policy require. */
export const upstreamCredentials = defineRuleCheck({
  id: "upstream-credentials",
  severity: "high",
  text: upstreamCredentialsText,
  remediation: upstreamCredentialsRemediation,
  predictable: true,
  evaluate: (context) => {
    const { credentialArn } = context.rule;
    return credentialArn === null ? evaluateNone(context.rule) : evaluateCredential(credentialArn, context);
  },
});

type CredentialVerdict = Verdict<UpstreamCredentialsKinds>;

function evaluateNone({ upstreamRegistry, upstreamRegistryUrl }: PullThroughCacheRule): CredentialVerdict {
  const data = { upstreamRegistryUrl };
  switch (authenticationOf(upstreamRegistry)) {
    case "secret":
      return { status: "FAIL", kind: "credential-missing", data };
    case "role":
    case "none":
      return pass;
    case null:
      return { status: "NOT_APPLICABLE", kind: "authentication-unknown", data };
  }
}

function evaluateCredential(
  credentialArn: string,
  { rule, registry, policy }: RuleContext,
): CredentialVerdict | readonly CredentialVerdict[] {
  const authentication = authenticationOf(rule.upstreamRegistry);
  if (authentication === "role" || authentication === "none") {
    return { status: "FAIL", kind: "credential-needless", data: { ...partsOf(rule), credentialArn } };
  }
  const secret = parseSecretArn(credentialArn);
  if (secret === null) return { status: "FAIL", kind: "credential-not-a-secret", data: { credentialArn } };
  const allowed = namesAllowed(entriesOnAccess(policy, rule), "secretNames");
  const failures = [...secretFailures(secret, registry.target, allowed)];
  return failures.length > 0 ? failures : pass;
}

function* secretFailures(
  { account, region, name }: SecretArn,
  target: Target,
  allowed: readonly string[] | null,
): Generator<CredentialVerdict> {
  if (!isSameLocation({ account, region }, target)) {
    yield { status: "FAIL", kind: "credential-elsewhere", subject: "place", data: { name, account, region } };
  }
  if (!matchesName(READABLE_BY_ECR, name)) {
    yield { status: "FAIL", kind: "credential-out-of-reach", subject: "name", data: { name } };
  }
  if (allowed !== null && !matchesAnyName(allowed, name)) {
    yield { status: "FAIL", kind: "credential-not-allowed", subject: "policy", data: { name, allowed } };
  }
}
