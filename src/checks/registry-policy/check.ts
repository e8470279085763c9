import { partitionOf } from "../../ecr/partition.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { defineRegistryCheck } from "../define-check.ts";
import { type Allowance, allowancesIn, type Watched } from "../iam/allowances.ts";
import { type Condition, parseDocument } from "../iam/document.ts";
import type { Trust } from "../iam/trust.ts";
import { notDemanded, pass, unknownBecause, type Verdict } from "../verdict.ts";
import { watchedActions } from "./actions.ts";
import { registryPolicyRemediation } from "./remediation.ts";
import { type RegistryPolicyKinds, registryPolicyText } from "./text.ts";

/** Fails if the registry policy allows untrusted principals to change what the registry caches, or how. */
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
      watchedOn(rules, target),
      trustOf(target, policy.registryPolicy ?? {}),
    );
    return allowances.length === 0 ? pass : allowances.map(verdictOn);
  },
});

/** The actions to look for in a registry with these rules. */
function watchedOn(rules: readonly ObservedRule[], { account, region }: Target): readonly Watched[] {
  const registry = `arn:${partitionOf(region).id}:ecr:${region}:${account}:repository`;
  const cached = rules.map(({ rule: { ecrRepositoryPrefix: prefix } }) =>
    prefix === ROOT_PREFIX ? `${registry}/*` : `${registry}/${withoutSlash(prefix)}/*`,
  );
  return [
    ...watchedActions.registry.map((action) => ({ action, on: null })),
    ...watchedActions.repository.map((action) => ({ action, on: cached })),
  ];
}

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
