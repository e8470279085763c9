import { type Check, type CheckEvaluation, checkCrashed, isCommon } from "../../checks/evaluation.ts";
import { findingId } from "../../core/ids.ts";
import type { Target } from "../../ecr/target.ts";
import type { WaiverMatcher } from "../../policy/matching/waivers.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Waiver } from "../../policy/sections/waivers.ts";
import {
  type Finding,
  notDescribed,
  type Severity,
  type Status,
  statusSchema,
} from "../../schemas/finding.ts";
import type { CoverageGap } from "../../schemas/report.ts";
import { gapOf } from "../collect/coverage.ts";

/** A finding of one audit, before it is compared with the state. */
export type EvaluatedFinding = Omit<
  Finding,
  "firstSeenAt" | "lastSeenAt" | "transition" | "eventId" | "flapping" | "stale"
>;

/** The results of checks. */
export type Answers = {
  /** The number of results by status, including those that are not in `findings`. */
  readonly counts: Readonly<Record<Status, number>>;
  /** The results with their texts. Passing and not applicable results only with `includePassing`. */
  readonly findings: readonly EvaluatedFinding[];
  /** The gaps that the evaluation found: checks that crashed, and facts that were not collected. */
  readonly gaps: readonly CoverageGap[];
};

/** How results become findings. */
export type FindingCollectorOptions = {
  /** Whether to include results that pass or do not apply. */
  readonly includePassing: boolean;
  readonly waivers: WaiverMatcher;
};

/** Collects the results of checks. */
export type FindingCollector = {
  /** Runs a check for one registry and adds its results. A check that throws adds one UNKNOWN and a gap. */
  readonly enter: (
    check: Check,
    target: Target,
    policy: Policy,
    evaluate: () => readonly CheckEvaluation[],
  ) => void;
  /** Counts results of checks that the policy does not require. They are not among the findings. */
  readonly countNotDemanded: (results: number) => void;
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

/** Opens an empty collector. */
export function openFindingCollector({ includePassing, waivers }: FindingCollectorOptions): FindingCollector {
  const counts = noCounts();
  const findings: EvaluatedFinding[] = [];
  const gaps: CoverageGap[] = [];
  const isKept = (evaluation: CheckEvaluation) => includePassing || !isPassing(evaluation);

  const enter: FindingCollector["enter"] = (check, target, policy, evaluate) => {
    const { evaluations, kept } = resultsOf(check, target, evaluate, isKept);
    for (const evaluation of evaluations) if (!isKept(evaluation)) counts[evaluation.status] += 1;
    for (const { evaluation, texts } of kept) {
      const waiver = waiverFor(check, target, evaluation, waivers);
      counts[waiver === null ? evaluation.status : "WAIVED"] += 1;
      gaps.push(...gapsBehind(check, target, evaluation));
      const severity = evaluation.severity ?? policy.checks[check.id]?.severity ?? check.severity;
      findings.push(findingOf({ check, target, evaluation, texts, severity, waiver }));
    }
  };
  return {
    enter,
    countNotDemanded: (results) => {
      counts.NOT_APPLICABLE += results;
    },
    total: () => ({ counts, findings, gaps }),
  };
}

type Texts = ReturnType<CheckEvaluation["prose"]>;

/** A result that becomes a finding, with its texts. */
type Result = { readonly evaluation: CheckEvaluation; readonly texts: Texts };

/** All results of a check, and those that become findings: few, because most pass. */
type Results = { readonly evaluations: readonly CheckEvaluation[]; readonly kept: readonly Result[] };

/** The results of a check. If the check or one of its texts throws, that is the only result. */
function resultsOf(
  check: Check,
  target: Target,
  evaluate: () => readonly CheckEvaluation[],
  isKept: (evaluation: CheckEvaluation) => boolean,
): Results {
  const withTexts = (evaluation: CheckEvaluation): Result => ({ evaluation, texts: evaluation.prose() });
  try {
    const evaluations = evaluate();
    return { evaluations, kept: evaluations.filter(isKept).map(withTexts) };
  } catch (error) {
    const crashed = checkCrashed(check.title, target, error);
    return { evaluations: [crashed], kept: [withTexts(crashed)] };
  }
}

function isPassing({ status }: CheckEvaluation): boolean {
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

type FindingParts = Result & {
  readonly check: Check;
  readonly target: Target;
  readonly severity: Severity;
  readonly waiver: Waiver | null;
};

function findingOf({ check, target, evaluation, texts, severity, waiver }: FindingParts): EvaluatedFinding {
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
    ...texts,
    docs: check.docs,
    waiver: waiver === null ? null : noteOf(waiver),
    // The report adds these, for findings of earlier audits as well.
    ...notDescribed,
    changedBy: null,
  };
}

function noteOf({ reason, owner, ticket, expires }: Waiver): Finding["waiver"] {
  return { reason, owner, ticket: ticket ?? null, expires };
}

/** The gaps that a result reveals and the registry's own evidence does not: see {@link Answers}. */
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
