import type { Target } from "../../ecr/target.ts";
import type { Policy } from "../../policy/schema.ts";
import { defineRegistryCheck } from "../define-check.ts";
import { type Allowance, allowancesIn } from "../iam/allowances.ts";
import { type Condition, parseDocument } from "../iam/document.ts";
import type { Trust } from "../iam/trust.ts";
import { notDemanded, pass, unknownBecause, type Verdict } from "../verdict.ts";
import { registryPolicyRemediation } from "./remediation.ts";
import { type RegistryPolicyKinds, registryPolicyText } from "./text.ts";

/**
 * The permissions for pulls through a cache that a registry policy can grant (Amazon ECR user guide, "Private
 * registry permissions in Amazon ECR", November 2026).
 */
const watchedActions = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/** Fails if the registry policy allows untrusted principals to import upstream images or create repositories. */
export const registryPolicy = defineRegistryCheck({
  id: "registry-policy",
  severity: "high",
  text: registryPolicyText,
  remediation: registryPolicyRemediation,
  predictable: false,
  facts: ["registryPolicy"],
  isDemanded: (policy) => policy.registryPolicy !== undefined,
  evaluate: ({ rules, registry: { registryPolicy: text, target }, policy }) => {
    if (text.state === "unreadable") {
      // Audits read nothing but the rules from a registry without rules.
      return rules.length === 0 && text.reason === "not-collected" ? notDemanded : unknownBecause(text);
    }
    if (text.state === "absent") return pass;
    const document = parseDocument(text.value);
    if (document.statements === null) {
      return { status: "UNKNOWN", kind: "not-a-policy", data: { problem: document.problem } };
    }
    const allowances = allowancesIn(
      document.statements,
      watchedActions,
      trustOf(target, policy.registryPolicy ?? {}),
    );
    return allowances.length === 0 ? pass : allowances.map(verdictOn);
  },
});

function trustOf({ account, organizationId }: Target, demands: NonNullable<Policy["registryPolicy"]>): Trust {
  return {
    accounts: new Set(demands.trustedAccounts).add(account),
    organization: {
      isTrusted: demands.trustOrganization ?? false,
      id: demands.organizationId ?? organizationId,
    },
  };
}

function verdictOn(allowance: Allowance): Verdict<RegistryPolicyKinds> {
  const { statement, answer, actions } = allowance;
  const subject = statement;
  const data = {
    statement,
    actions,
    principals: allowance.principals.list.map(({ type, id }) => (type === "AWS" ? id : `${type} ${id}`)),
    conditions: allowance.conditions.map(describe),
  };
  switch (answer) {
    case "untrusted":
      return allowance.principals.allBut
        ? { status: "FAIL", kind: "all-but-some-let-in", subject, data }
        : { status: "FAIL", kind: "untrusted-let-in", subject, data };
    case "organization-unknown":
      return { status: "UNKNOWN", kind: "organization-unknown", subject, data };
    case "not-understood":
      return { status: "UNKNOWN", kind: "statement-not-understood", subject, data };
  }
}

function describe({ operator, key, values }: Condition): string {
  return `${operator} ${key} ${values.join(" or ")}`;
}
