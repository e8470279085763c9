import { type Check, type CheckEvaluation, checkCrashed, isCommon } from "../../checks/evaluation.ts";
import { findingId } from "../../core/ids.ts";
import type { Target } from "../../ecr/target.ts";
import type { WaiverMatcher } from "../../policy/matching/waivers.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Waiver } from "../../policy/sections/waivers.ts";
import { type Finding, type Severity, type Status, statusSchema } from "../../schemas/finding.ts";
import type { CoverageGap } from "../../schemas/report.ts";
import { gapOf } from "../collect/coverage.ts";

/** A finding as one audit sees it, before it is compared with what was known. */
export type EvaluatedFinding = Omit<
  Finding,
  "firstSeenAt" | "lastSeenAt" | "transition" | "eventId" | "stale"
>;

/** What checks answered. */
export type Answers = {
  /** How many answers of each status there were, those included that are not in `findings`. */
  readonly counts: Readonly<Record<Status, number>>;
  /** The answers in words; of those that are content only what `includePassing` keeps. */
  readonly findings: readonly EvaluatedFinding[];
  /** What judging brought to light as not known: checks that failed to run, facts that were not collected. */
  readonly gaps: readonly CoverageGap[];
};

/** How answers are turned into findings. */
export type FindingCollectorOptions = {
  /** Whether answers that pass or do not apply are put into words too. */
  readonly includePassing: boolean;
  readonly waivers: WaiverMatcher;
};

/** Takes down what checks answer. */
export type FindingCollector = {
  /** Takes down a check's answers on one registry. One that throws makes one UNKNOWN and a gap. */
  readonly enter: (
    check: Check,
    target: Target,
    policy: Policy,
    evaluate: () => readonly CheckEvaluation[],
  ) => void;
  readonly total: () => Answers;
};

/** A count of zero for each status. */
export function noCounts(): Record<Status, number> {
  return { PASS: 0, FAIL: 0, UNKNOWN: 0, NOT_APPLICABLE: 0, WAIVED: 0 };
}

/** Adds one count to another, in place. */
export function addCounts(sum: Record<Status, number>, more: Readonly<Record<Status, number>>): void {
  for (const status of statusSchema.options) sum[status] += more[status];
}

/** Opens an empty tally. */
export function openFindingCollector({ includePassing, waivers }: FindingCollectorOptions): FindingCollector {
  const counts = noCounts();
  const findings: EvaluatedFinding[] = [];
  const gaps: CoverageGap[] = [];
  const isKept = (evaluation: CheckEvaluation) => includePassing || !isContent(evaluation);

  const enter: FindingCollector["enter"] = (check, target, policy, evaluate) => {
    const severity = policy.checks[check.id]?.severity ?? check.severity;
    for (const { evaluation, words } of speakUp(check, target, evaluate, isKept)) {
      const waiver = waiverFor(check, target, evaluation, waivers);
      counts[waiver === null ? evaluation.status : "WAIVED"] += 1;
      gaps.push(...gapsBehind(check, target, evaluation));
      if (words !== null) findings.push(findingOf({ check, target, evaluation, words, severity, waiver }));
    }
  };
  return { enter, total: () => ({ counts, findings, gaps }) };
}

type Words = ReturnType<CheckEvaluation["prose"]>;

/** A judgement, and its words where it is kept. */
type Spoken = { readonly evaluation: CheckEvaluation; readonly words: Words | null };

/** What a check says; a check that throws, be it for want of words, says nothing else. */
function speakUp(
  check: Check,
  target: Target,
  evaluate: () => readonly CheckEvaluation[],
  isKept: (evaluation: CheckEvaluation) => boolean,
): readonly Spoken[] {
  const speak = (evaluation: CheckEvaluation): Spoken => ({
    evaluation,
    words: isKept(evaluation) ? evaluation.prose() : null,
  });
  try {
    return evaluate().map(speak);
  } catch (error) {
    return [speak(checkCrashed(check.title, target, error))];
  }
}

function isContent({ status }: CheckEvaluation): boolean {
  return status === "PASS" || status === "NOT_APPLICABLE";
}

function waiverFor(
  { id: check }: Check,
  { account, region }: Target,
  { status, prefix }: CheckEvaluation,
  waivers: WaiverMatcher,
): Waiver | null {
  return status === "FAIL" ? waivers.waiverFor({ check, account, region, prefix }) : null;
}

type FindingParts = Spoken & {
  readonly check: Check;
  readonly target: Target;
  readonly words: Words;
  readonly severity: Severity;
  readonly waiver: Waiver | null;
};

function findingOf({ check, target, evaluation, words, severity, waiver }: FindingParts): EvaluatedFinding {
  const { status, prefix, subject, kind, data } = evaluation;
  const { account, accountName, organizationalUnits, region } = target;
  return {
    id: findingId({ account, region, prefix, check: check.id, subject }),
    check: check.id,
    status: waiver === null ? status : "WAIVED",
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
    waiver: waiver === null ? null : noteOf(waiver),
  };
}

function noteOf({ reason, owner, ticket, expires }: Waiver): Finding["waiver"] {
  return { reason, owner, ticket: ticket ?? null, expires };
}

/** What an answer shows as not known that the registry's own evidence does not: see {@link Answers}. */
function gapsBehind(check: Check, target: Target, evaluation: CheckEvaluation): readonly CoverageGap[] {
  if (!isCommon(evaluation)) return [];
  if (evaluation.kind === "check-crashed") {
    const gap = {
      reason: "check-error",
      operation: `check:${check.id}`,
      detail: evaluation.data.error,
    } as const;
    return [gapOf(target, "partial", gap, [])];
  }
  if (evaluation.kind === "evidence-unreadable" && evaluation.data.reason === "not-collected") {
    const { reason, operation, detail } = evaluation.data;
    const prefixes = evaluation.prefix === null ? [] : [evaluation.prefix];
    return [gapOf(target, "partial", { reason, operation, detail }, prefixes)];
  }
  return [];
}
