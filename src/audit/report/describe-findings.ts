import type { SharedCause } from "../../checks/cause.ts";
import { checksOf } from "../../checks/index.ts";
import { stepsOf } from "../../core/advice.ts";
import { daysBetween } from "../../core/days.ts";
import { causeId } from "../../core/ids.ts";
import { memoize } from "../../core/memoize.ts";
import { registryUrl } from "../../ecr/console.ts";
import { ownerFinder } from "../../policy/matching/owners.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Cause, type Finding, notDescribed } from "../../schemas/finding.ts";

/** Returns findings without what {@link findingDescriber} adds. The state does not keep it. */
export function undescribed(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) =>
    finding.owner === null && finding.cause === null && finding.openDays === null && finding.docsUrl === ""
      ? finding
      : { ...finding, ...notDescribed },
  );
}

/**
 * Returns a function that adds owner, cause, age, steps, addresses and requirements to findings. They are calculated again in each audit, also for
 * findings of earlier audits, so that a changed policy applies at once. Pure.
 *
 * @param accountEmails the e-mail addresses of accounts, if the policy's owners ask for them
 */
export function findingDescriber(
  policy: Policy,
  accountEmails: ReadonlyMap<string, string>,
  now: Date,
): (finding: Finding) => Finding {
  const ownerOf = ownerFinder(policy.owners, accountEmails);
  const checks = new Map(checksOf(policy).map((check) => [check.id, check]));
  const known = new Map<string, Cause>();
  const shared = ({ kind, subject }: SharedCause): Cause =>
    memoize(known, () => ({ id: causeId(kind, subject), kind, subject }))(`${kind} ${subject}`);
  const causeOf = (finding: Finding): Cause | null => {
    const { id, status, check, account, region, prefix } = finding;
    if (status === "PASS" || status === "NOT_APPLICABLE") return null;
    const cause = checks.get(check)?.causeOf(finding) ?? null;
    if (cause !== null) return shared(cause);
    return prefix === null
      ? { id, kind: "registry", subject: `${account} ${region}` }
      : { id, kind: "rule", subject: `${prefix} ${account} ${region}` };
  };
  const requirementsOf = memoize(new Map<string, readonly string[]>(), (check) => [
    ...new Set([...(checks.get(check)?.requirements ?? []), ...(policy.checks[check]?.requirements ?? [])]),
  ]);
  return (finding) => ({
    ...finding,
    owner: ownerOf(finding),
    cause: causeOf(finding),
    openDays: openDays(finding, now),
    steps: checks.get(finding.check)?.stepsFor(finding) ?? stepsOf(finding.remediation),
    docsUrl: `${policy.notifications.documents}/${finding.docs}`,
    consoleUrl: registryUrl(finding.region) ?? "",
    requirements: requirementsOf(finding.check),
  });
}

function openDays({ status, transition, firstSeenAt }: Finding, now: Date): number | null {
  if (status !== "FAIL" && transition !== "resolved") return null;
  const days = daysBetween(firstSeenAt, now);
  return Number.isNaN(days) ? null : Math.max(0, days);
}
