import { compareValues } from "../../core/order.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import { effectivePolicies } from "../../policy/effective.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import type { Finding } from "../../schemas/finding.ts";
import {
  type Instruction,
  type LeftAlone,
  PLAN_SCHEMA_VERSION,
  type RegistryPlan,
  type RemediationPlan,
} from "../../schemas/remediation-plan.ts";
import type { Report } from "../../schemas/report.ts";
import type { Offers } from "./decide-access.ts";
import { planRegistry } from "./plan-registry.ts";

/**
 * Narrows the current findings to the failures of an earlier report. A stale failure of that report is added if there is
 * no current finding for it. A report contains no rules, so only what still fails now can be remediated.
 */
export function onlyReported(now: Report, { findings }: Report): readonly Finding[] {
  const failing = findings.filter(({ status }) => status === "FAIL");
  const ids = new Set(failing.map(({ id }) => id));
  const seen = now.findings.filter(({ id }) => ids.has(id));
  const seenIds = new Set(seen.map(({ id }) => id));
  return [...seen, ...failing.filter(({ id, stale }) => stale && !seenIds.has(id))];
}

/** The input of a plan: the findings of an audit and the facts of their registries. */
type PlanSubject = {
  readonly findings: readonly Finding[];
  readonly registries: readonly RegistrySnapshot[];
};

/**
 * Plans the changes that make failing registries compliant. Pure: the same findings, facts, policy, offers and time
 * give the same plan. A decision that the policy leaves open becomes a question, never a guess.
 */
export function planRemediation(
  { findings, registries }: PlanSubject,
  { policy, digest }: LoadedPolicy,
  offers: Offers,
  now: Date,
): RemediationPlan {
  const effective = effectivePolicies(policy);
  const byRegistry = Map.groupBy(findings, registryKey);
  const plans: RegistryPlan[] = [];
  const instructions: Instruction[] = [];
  const leftAlone: LeftAlone[] = [];
  const seen = new Set<string>();
  for (const registry of registries) {
    const { target, rules } = registry;
    if (rules.state === "unreadable") continue;
    const key = registryKey(target);
    seen.add(key);
    const failing = (byRegistry.get(key) ?? []).filter(needsRemediation);
    if (failing.length === 0) continue;
    const input = {
      registry,
      rules: rules.state === "present" ? rules.value : [],
      findings: failing,
      policy: effective(target).policy,
    };
    const { plan, forPeople, undecided } = planRegistry(input, offers, now);
    if (plan.changes.length > 0) plans.push(plan);
    instructions.push(
      ...forPeople.map((finding) => instructionOf(finding, null)),
      ...undecided.map(({ finding, question }) => instructionOf(finding, question)),
    );
  }
  for (const finding of findings) {
    if (seen.has(registryKey(finding)) && needsRemediation(finding)) continue;
    const why = whyLeftAlone(finding);
    if (why !== null) leftAlone.push({ ...aboutOf(finding), status: finding.status, why });
  }
  return {
    schemaVersion: PLAN_SCHEMA_VERSION,
    plannedAt: now.toISOString(),
    policy: { name: policy.name, digest },
    registries: plans.toSorted((a, b) => compareValues(registryKey(a), registryKey(b))),
    instructions: instructions.toSorted(byLocation),
    leftAlone: leftAlone.toSorted(byLocation),
  };
}

function needsRemediation({ status, stale }: Finding): boolean {
  return status === "FAIL" && !stale;
}

function whyLeftAlone({ status, stale, waiver, message }: Finding): string | null {
  switch (status) {
    case "PASS":
    case "NOT_APPLICABLE":
      return null;
    case "WAIVED":
      return waiver === null ? "It is waived." : `It is waived until ${waiver.expires}: ${waiver.reason}`;
    case "UNKNOWN":
      return message;
    case "FAIL":
      return stale
        ? "The registry could not be read. This is the result of an earlier audit."
        : "The registry's rules could not be read.";
  }
}

function instructionOf(finding: Finding, question: string | null): Instruction {
  return { ...aboutOf(finding), question, instruction: finding.remediation };
}

function aboutOf({ account, accountName, region, prefix, check, kind, title }: Finding) {
  return { account, accountName, region, prefix, check, kind, title };
}

type Located = Pick<Instruction, "account" | "region" | "prefix" | "check" | "kind">;

function byLocation(a: Located, b: Located): number {
  return compareValues(locationOf(a), locationOf(b));
}

function locationOf({ account, region, prefix, check, kind }: Located): string {
  return JSON.stringify([account, region, prefix ?? "", check, kind]);
}
