import { matchesAnyName } from "../../core/wildcards.ts";
import { parseRoleArn, type RoleArn } from "../../ecr/arn.ts";
import { partsOf } from "../../ecr/rule.ts";
import { authenticationOf, parseEcrUrl } from "../../ecr/upstream.ts";
import { entriesOnAccess, namesAllowed } from "../../policy/matching/allowed.ts";
import { defineRuleCheck, type RuleContext } from "../define-check.ts";
import { pass, type Verdict } from "../verdict.ts";
import { upstreamRoleRemediation } from "./remediation.ts";
import { type UpstreamRoleKinds, upstreamRoleText } from "./text.ts";

type RoleVerdict = Verdict<UpstreamRoleKinds>;

/**
 * Fails if a rule lacks a required role, or has one that it must not have.
 *
 * A rule for an ECR registry of another account needs a role. For another region of the same account, the
 * documentation is contradictory (Amazon ECR user guide, November 2026), so a missing role passes there.
 */
export const upstreamRole = defineRuleCheck({
  id: "upstream-role",
  severity: "medium",
  text: upstreamRoleText,
  remediation: upstreamRoleRemediation,
  predictable: true,
  evaluate: (context) => {
    const { customRoleArn } = context.rule;
    return customRoleArn === null ? evaluateNone(context) : evaluateRole(customRoleArn, context);
  },
});

function evaluateNone({ rule: { upstreamRegistryUrl }, registry }: RuleContext): RoleVerdict {
  const upstream = parseEcrUrl(upstreamRegistryUrl);
  if (upstream === null) {
    return { status: "NOT_APPLICABLE", kind: "not-an-ecr-upstream", data: { upstreamRegistryUrl } };
  }
  if (upstream.account === registry.target.account) return pass;
  const data = { upstreamRegistryUrl, upstreamAccount: upstream.account };
  return { status: "FAIL", kind: "role-missing", data };
}

function evaluateRole(
  customRoleArn: string,
  { rule, registry, policy }: RuleContext,
): RoleVerdict | readonly RoleVerdict[] {
  const { upstreamRegistry, upstreamRegistryUrl } = rule;
  switch (authenticationOf(upstreamRegistry)) {
    case null:
      return { status: "NOT_APPLICABLE", kind: "not-an-ecr-upstream", data: { upstreamRegistryUrl } };
    case "none":
    case "secret":
      return { status: "FAIL", kind: "role-needless", data: { ...partsOf(rule), customRoleArn } };
    case "role": {
      const role = parseRoleArn(customRoleArn);
      if (role === null) return { status: "FAIL", kind: "not-a-role", data: { customRoleArn } };
      const allowed = namesAllowed(entriesOnAccess(policy, rule), "roleNames");
      const failures = [...roleFailures(role, registry.target.account, allowed)];
      return failures.length > 0 ? failures : pass;
    }
  }
}

function* roleFailures(
  { account, name }: RoleArn,
  ownAccount: string,
  allowed: readonly string[] | null,
): Generator<RoleVerdict> {
  if (account !== ownAccount) {
    yield { status: "FAIL", kind: "role-of-another-account", subject: "account", data: { name, account } };
  }
  if (allowed !== null && !matchesAnyName(allowed, name)) {
    yield { status: "FAIL", kind: "role-not-allowed", subject: "policy", data: { name, allowed } };
  }
}
