import { evaluateSnapshotFile } from "../../src/audit/evaluate/evaluate-snapshot.ts";
import { checkIds } from "../../src/checks/index.ts";
import type { PlannedRule } from "../../src/ecr/rule.ts";
import { present } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import type { Offers } from "../../src/remediation/plan/decide-access.ts";
import { planRemediation } from "../../src/remediation/plan/plan.ts";
import type { RemediationPlan, RuleChange } from "../../src/schemas/remediation-plan.ts";
import type { Report } from "../../src/schemas/report.ts";
import { aPolicyFile, aRule, NOW, type PolicyFile, valid } from "../support/builders.ts";

export const SECRET_NAME = "ecr-pullthroughcache/docker-hub";
const SECRETS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache";

/** A secret of {@link aTarget}'s own account and region. */
export function secretArn(name: string): string {
  return `${SECRETS}/${name}-AbCdEf`;
}

export const ROLE = "arn:aws:iam::111122223333:role/ecr-pull-base";
export const nothingOffered: Offers = { credentials: [], roles: [] };

/** The test's policy as the auditor loads it. */
export function loaded(policy: Partial<PolicyFile>) {
  return { policy: parsePolicy(aPolicyFile(policy), "the test's policy", checkIds), digest: "sha256:0" };
}

/** What an audit says of registries. */
export function evaluated(registries: readonly RegistrySnapshot[], policy: Partial<PolicyFile>): Report {
  const snapshotFile = {
    schemaVersion: 1,
    collectedAt: NOW.toISOString(),
    request: { trigger: "cli", accounts: null, regions: null, prefixes: null },
    excludedAccounts: [],
    registries,
  } as const;
  const everything = { accounts: null, regions: null, prefixes: null };
  return evaluateSnapshotFile(snapshotFile, everything, loaded(policy), { now: NOW, includePassing: false });
}

/** What is planned for one registry. */
export function planFor(
  registry: RegistrySnapshot,
  policy: Partial<PolicyFile>,
  offers: Offers = nothingOffered,
): RemediationPlan {
  const { findings } = evaluated([registry], policy);
  return planRemediation({ findings, registries: [registry] }, loaded(policy), offers, NOW);
}

/** All changes of a plan. */
export function changesIn({ registries }: RemediationPlan): readonly RuleChange[] {
  return registries.flatMap(({ changes }) => changes);
}

/** The registry as a plan leaves it. */
export function fixedBy(plan: RemediationPlan, registry: RegistrySnapshot): RegistrySnapshot {
  const before = registry.rules.state === "present" ? registry.rules.value : [];
  const changes = changesIn(plan);
  const gone = changes.map((change) => change.before?.ecrRepositoryPrefix);
  const kept = before.filter(({ rule }) => !gone.includes(rule.ecrRepositoryPrefix));
  const made = changes.flatMap(({ after }) => (after === null ? [] : [observed(after)]));
  return { ...registry, rules: present([...kept, ...made]) };
}

function observed(rule: PlannedRule) {
  return { rule: aRule(rule), validation: present(valid) };
}
