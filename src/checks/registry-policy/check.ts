import { partitionOf } from "../../ecr/partition.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import { defineRegistryCheck } from "../define-check.ts";
import type { Watched } from "../iam/allowances.ts";
import { judgePolicy, type Suspicion, trustOf } from "../iam/let-in.ts";
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
    const trust = trustOf(target, policy.registryPolicy ?? {});
    const judgement = judgePolicy(text.value, watchedOn(rules, target), trust);
    if (judgement.suspicions === null) {
      return { status: "UNKNOWN", kind: "not-a-policy", data: { problem: judgement.problem } };
    }
    return judgement.suspicions.length === 0 ? pass : judgement.suspicions.map(verdictOn);
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

function verdictOn({ answer, isAllBut, letIn: data }: Suspicion): Verdict<RegistryPolicyKinds> {
  const subject = data.statement;
  switch (answer) {
    case "untrusted":
      return isAllBut
        ? { status: "FAIL", kind: "all-but-some-let-in", subject, data }
        : { status: "FAIL", kind: "untrusted-let-in", subject, data };
    case "organization-unknown":
      return { status: "UNKNOWN", kind: "organization-unknown", subject, data };
    case "not-understood":
      return { status: "UNKNOWN", kind: "statement-not-understood", subject, data };
  }
}
