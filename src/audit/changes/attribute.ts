import { unapprovedChange } from "../../checks/unapproved-change/check.ts";
import { namesSecret } from "../../ecr/arn.ts";
import { isSamePrefix, withoutSlash } from "../../ecr/prefix.ts";
import { registryKey } from "../../ecr/registry.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { ChangedThing, ObservedChange } from "../../schemas/change.ts";
import type { ChangedBy, Finding } from "../../schemas/finding.ts";
import type { Drift } from "../../schemas/report.ts";
import type { AuditState } from "../../schemas/state.ts";
import type { AuditScope } from "../compare/scope.ts";
import { latestFirst } from "./remember.ts";

/** The checks that each change can make fail; `null`: all that look at the rule, whose result depends on nothing else. */
export const checksAbout: Readonly<Record<ChangedThing, readonly string[] | null>> = {
  rule: null,
  "creation-template": ["creation-template"],
  scanning: ["scan-coverage"],
  "registry-policy": ["registry-policy"],
  secret: ["rule-validation", "secret-health"],
};

/** What an attribution is made to. */
type Attributed = {
  readonly findings: readonly Finding[];
  readonly drift: readonly Drift[];
  readonly next: { readonly findings: AuditState["findings"] };
};

/**
 * Names who made the changes: on the drift of rules, and on the findings that opened or changed with them, in the
 * report and in the next state. A change is named only where the failed check looks at what was changed. Pure.
 *
 * @param changes those that led to this audit, or were looked up for it
 */
export function attribute<Compared extends Attributed>(
  compared: Compared,
  changes: readonly ObservedChange[],
  { registries }: Pick<AuditScope, "registries">,
): Compared {
  if (changes.length === 0) return compared;
  const byRegistry = Map.groupBy(changes.toSorted(latestFirst), registryKey);
  const changesAt = (place: Finding | Drift) => byRegistry.get(registryKey(place)) ?? [];

  const drift = compared.drift.map((one) => {
    const change = changesAt(one).find(({ thing, name }) => thing === "rule" && isNamed(name, one.prefix));
    return change === undefined ? one : { ...one, changedBy: change.by };
  });

  const named = new Map<string, ChangedBy>();
  const findings = compared.findings.map((finding) => {
    if (finding.transition !== "opened" && finding.transition !== "changed") return finding;
    const change = changesAt(finding).find((one) => concerns(one, finding, { registries }));
    const changedBy = change?.by ?? null;
    if (changedBy === null) return finding;
    named.set(finding.id, changedBy);
    return { ...finding, changedBy };
  });
  if (named.size === 0) return { ...compared, drift };

  const known = { ...compared.next.findings };
  for (const [id, changedBy] of named) {
    const one = known[id];
    if (one !== undefined) known[id] = { ...one, finding: { ...one.finding, changedBy } };
  }
  return { ...compared, findings, drift, next: { ...compared.next, findings: known } };
}

function isNamed(name: string | null, prefix: string | null): boolean {
  return name !== null && prefix !== null && isSamePrefix(name, prefix);
}

/** Whether a failed check looks at what was changed. */
export function concerns(
  { thing, name, by }: ObservedChange,
  finding: Pick<Finding, "account" | "region" | "prefix" | "check" | "data">,
  { registries }: Pick<AuditScope, "registries">,
): boolean {
  const { check, prefix } = finding;
  if (check === unapprovedChange.id) return finding.data["eventId"] === by?.eventId;
  const checks = checksAbout[thing];
  if (checks !== null && !checks.includes(check)) return false;
  switch (thing) {
    case "rule":
      return isNamed(name, prefix);
    case "secret": {
      const rule = registries
        .get(registryKey(finding))
        ?.find(({ ecrRepositoryPrefix }) => isNamed(ecrRepositoryPrefix, prefix));
      const arn = rule?.credentialArn ?? null;
      return arn !== null && name !== null && namesSecret(name, arn);
    }
    case "creation-template":
      return name !== null && prefix !== null && coversPrefix(name, prefix);
    case "scanning":
    case "registry-policy":
      return true;
  }
}

/** Whether a template for `name` can apply to repositories under `prefix`. */
function coversPrefix(name: string, prefix: string): boolean {
  return name === ROOT_PREFIX || `${withoutSlash(prefix)}/`.startsWith(`${withoutSlash(name)}/`);
}
