import { type Check, checkCrashed, type Judgement, type JudgeSubject } from "../checks/define-check.ts";
import type { Finding, Severity, Status } from "../model/finding.ts";
import type { CoverageGap } from "../model/report.ts";
import type { RegistrySnapshot } from "../model/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import { findingId } from "./identity.ts";

/** A finding as one audit sees it, before it is compared with what was known. */
export type EvaluatedFinding = Omit<Finding, "firstSeenAt" | "lastSeenAt" | "transition" | "stale">;

/** What the checks said of one registry. */
export type Evaluation = {
  /** How many rules were judged. */
  readonly rules: number;
  /** How many answers of each status there were, those included that are not in `findings`. */
  readonly counts: Readonly<Record<Status, number>>;
  /** The answers in words; only those that `includePassing` keeps, and all others that are not content. */
  readonly findings: readonly EvaluatedFinding[];
  /** Checks that failed to run: what they would have said is not known. */
  readonly gaps: readonly CoverageGap[];
};

/** How registries are judged. */
export type EvaluateOptions = {
  readonly now: Date;
  readonly inScope: (prefix: string) => boolean;
  /** Whether answers that pass or do not apply are put into words too. */
  readonly includePassing: boolean;
};

/**
 * Judges one registry by every check that the policy leaves on. Pure: the same snapshot, policy and time
 * give the same answer. A check that throws makes one UNKNOWN and a gap, and the others go on.
 */
export function evaluate(
  registry: RegistrySnapshot,
  policy: Policy,
  checks: readonly Check[],
  options: EvaluateOptions,
): Evaluation {
  const counts = noCounts();
  const findings: EvaluatedFinding[] = [];
  const gaps: CoverageGap[] = [];
  const subject = { registry, policy, now: options.now, inScope: options.inScope };
  const isKept = (judgement: Judgement) => options.includePassing || !isContent(judgement);
  for (const check of checks) {
    const settings = policy.checks[check.id];
    if (settings?.enabled === false) continue;
    const severity = settings?.severity ?? check.severity;
    for (const { judgement, words } of judge(check, subject, isKept)) {
      counts[judgement.status] += 1;
      if (judgement.kind === "check-crashed") gaps.push(gapOf(check, judgement, registry));
      if (words !== null) findings.push(findingOf(check, judgement, words, severity, registry));
    }
  }
  return { rules: ruleCount(registry, options.inScope), counts, findings, gaps };
}

/** A count of zero for each status. */
export function noCounts(): Record<Status, number> {
  return { PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0, WAIVED: 0 };
}

type Words = ReturnType<Judgement["prose"]>;

/** A judgement, and its words where it is kept. */
type Spoken = { readonly judgement: Judgement; readonly words: Words | null };

/** What a check says; a check that throws, be it for want of words, says nothing else. */
function judge(
  check: Check,
  subject: JudgeSubject,
  isKept: (judgement: Judgement) => boolean,
): readonly Spoken[] {
  const speak = (judgement: Judgement) => ({
    judgement,
    words: isKept(judgement) ? judgement.prose() : null,
  });
  try {
    return check.judge(subject).map(speak);
  } catch (error) {
    return [speak(checkCrashed(check.title, subject.registry.target, error))];
  }
}

function isContent({ status }: Judgement): boolean {
  return status === "PASS" || status === "NOT_APPLICABLE";
}

function findingOf(
  check: Check,
  judgement: Judgement,
  words: Words,
  severity: Severity,
  { target }: RegistrySnapshot,
): EvaluatedFinding {
  const { status, prefix, subject, kind, data } = judgement;
  const { account, accountName, organizationalUnits, region } = target;
  return {
    id: findingId({ account, region, prefix, check: check.id, subject }),
    check: check.id,
    status,
    severity,
    account,
    accountName,
    organizationalUnits,
    region,
    prefix,
    kind,
    data,
    ...words,
    docs: check.docs,
    waiver: null,
  };
}

function gapOf(check: Check, { data }: Judgement, { target }: RegistrySnapshot): CoverageGap {
  const { account, accountName, region } = target;
  return {
    account,
    accountName,
    region,
    state: "partial",
    reason: "check-error",
    operation: `check:${check.id}`,
    detail: String(data["error"]),
    prefixes: [],
  };
}

function ruleCount({ rules }: RegistrySnapshot, inScope: (prefix: string) => boolean): number {
  if (rules.state !== "present") return 0;
  return rules.value.filter(({ rule }) => inScope(rule.ecrRepositoryPrefix)).length;
}
