import type { Finding } from "../../schemas/finding.ts";
import type { AuditState, KnownFinding, RepositoryTurns, WaivedFinding } from "../../schemas/state.ts";
import type { EvaluatedFinding } from "../evaluate/collect-findings.ts";
import { hasChanged } from "./change-fingerprint.ts";
import {
  announce,
  close,
  isRecent,
  nothingToAnnounce,
  type Outcome,
  type Reminding,
  returned,
  stillOpen,
  whileRemembered,
} from "./outcome.ts";
import { wasReadSince } from "./repository-turns.ts";
import { type AuditScope, type Fate, fates } from "./scope.ts";

/** By finding id. */
type WaivedFindings = AuditState["waived"];

/**
 * The waived findings for the next state: those of this audit, and earlier ones that it did not cover or could not
 * read. Pure.
 *
 * @param findings the findings of the report, with their `firstSeenAt`
 * @param fateOf the fate of an earlier finding that the audit did not find again
 */
function stillWaived(
  findings: readonly Finding[],
  earlier: WaivedFindings,
  fateOf: (earlier: WaivedFinding) => Fate,
): WaivedFindings {
  const answered = new Set(findings.filter(({ status }) => status !== "UNKNOWN").map(({ id }) => id));
  const unseen = Object.entries(earlier).filter(
    ([id, finding]) => !answered.has(id) && isStillThere(fateOf(finding)),
  );
  const seen = findings
    .filter(({ status }) => status === "WAIVED")
    .map(({ id, account, region, check, prefix, firstSeenAt }) => {
      return [id, { account, region, check, prefix, firstSeenAt }] as const;
    });
  return Object.fromEntries([...unseen, ...seen]);
}

function isStillThere(fate: Fate): boolean {
  return fate === "not-looked-at" || fate === "not-seen";
}

/** The findings in the state. */
type FindingState = Pick<AuditState, "findings" | "waived">;

/** The compared findings of an audit, and those for the next state. */
type ComparedFindings = { readonly findings: readonly Finding[]; readonly next: FindingState };

/** What the state has of one finding. */
type Before = { readonly known: KnownFinding | undefined; readonly firstSeenAt: string | undefined };

/**
 * Compares the findings of an audit with the state of previous audits. Pure.
 *
 * Waiving an open finding resolves it with the status `WAIVED`. `firstSeenAt` is kept, because the problem persists,
 * even if the finding was waived when it was first seen. When the waiver ends and the finding still fails, it reopens:
 * this does not count as flapping.
 *
 * The last alert about a finding agrees with the last audit that saw it: a finding that fails after its resolution was
 * reported is opened at once. Only the resolution of a finding that flaps is reported late.
 */
export function compareFindings(
  evaluated: readonly EvaluatedFinding[],
  auditScope: AuditScope,
  earlier: FindingState,
  reminding: Reminding,
  turns: RepositoryTurns = {},
): ComparedFindings {
  const fateOf = fates(auditScope, evaluated, (before) => wasReadSince(turns, before));
  const outcomes: Outcome[] = [];
  const met = new Set<string>();
  for (const finding of evaluated) {
    const known = earlier.findings[finding.id];
    // An open finding that is UNKNOWN now is shown below, as a stale finding.
    if (finding.status === "UNKNOWN" && known?.open === true) continue;
    met.add(finding.id);
    const before = { known, firstSeenAt: firstSeenAtOf(finding, earlier, reminding) };
    outcomes.push(
      finding.status === "FAIL" ? failing(finding, before, reminding) : other(finding, before, reminding),
    );
  }
  for (const before of Object.values(earlier.findings)) {
    if (!met.has(before.finding.id)) outcomes.push(unmet(before, fateOf(before.finding), reminding));
  }
  const findings = outcomes.flatMap(({ shown }) => shown ?? []);
  const known = outcomes.flatMap((outcome) => outcome.known ?? []);
  return {
    findings,
    next: {
      findings: Object.fromEntries(known.map((one) => [one.finding.id, one])),
      waived: stillWaived(findings, earlier.waived, fateOf),
    },
  };
}

/** A finding that fails now. */
function failing(found: EvaluatedFinding, before: Before, reminding: Reminding): Outcome {
  const { known } = before;
  const seenAt = reminding.now.toISOString();
  const current: Finding = {
    ...found,
    firstSeenAt: before.firstSeenAt ?? seenAt,
    lastSeenAt: seenAt,
    ...nothingToAnnounce,
  };
  // Whoever made the change that opened the finding is named for as long as it stays as it is.
  const changedBy = known?.open === true ? known.finding.changedBy : null;
  const stays = known !== undefined && changedBy !== null && !hasChanged(current, known);
  const finding = stays ? { ...current, changedBy } : current;
  if (known === undefined || wasWaived(known)) return announce(finding, "opened", known, reminding);
  if (known.quiet) return announce(finding, "opened", known, reminding);
  const isReturn = isHeldBack(known) || (!known.open && isRecent(known, reminding));
  const now = isReturn ? returned(known, reminding) : known;
  if (!known.open && !isHeldBack(known)) return announce(finding, "opened", now, reminding);
  if (hasChanged(finding, known)) return announce(finding, "changed", now, reminding);
  return stillOpen(finding, { ...now, open: true }, reminding);
}

/** A result that is not a failure. It resolves the failure if one was open. */
function other(found: EvaluatedFinding, { known, firstSeenAt }: Before, reminding: Reminding): Outcome {
  const seenAt = reminding.now.toISOString();
  const passes = found.status !== "UNKNOWN";
  if (known !== undefined && (known.open || (isHeldBack(known) && passes))) {
    return close({ ...known.finding, ...found, lastSeenAt: seenAt }, known, reminding);
  }
  const since = found.status === "WAIVED" ? firstSeenAt : undefined;
  const shown = {
    ...found,
    firstSeenAt: since ?? seenAt,
    lastSeenAt: seenAt,
    ...nothingToAnnounce,
    transition: null,
  };
  if (known === undefined || isHeldBack(known)) return { shown, known: known ?? null };
  return { shown, known: whileRemembered(known, reminding) };
}

/** When a finding was first seen. Undefined for a new finding, and for one that was resolved too long ago. */
function firstSeenAtOf({ id }: EvaluatedFinding, earlier: FindingState, reminding: Reminding) {
  const known = earlier.findings[id];
  const isTheSame = known !== undefined && (known.open || isHeldBack(known) || isRecent(known, reminding));
  return isTheSame ? known.finding.firstSeenAt : earlier.waived[id]?.firstSeenAt;
}

/** Whether a finding no longer fails, and its resolution is not reported yet. */
function isHeldBack({ passesSince }: KnownFinding): boolean {
  return passesSince !== undefined;
}

function wasWaived({ open, finding }: KnownFinding): boolean {
  return !open && finding.status === "WAIVED";
}

/** A known finding that is not among the results of this audit. */
function unmet(before: KnownFinding, fate: Fate, reminding: Reminding): Outcome {
  if (!before.open && !isHeldBack(before)) return { shown: null, known: whileRemembered(before, reminding) };
  switch (fate) {
    case "not-looked-at":
      return { shown: null, known: before };
    case "not-seen":
      if (!before.open) return { shown: null, known: before };
      return stillOpen({ ...before.finding, ...nothingToAnnounce, stale: true }, before, reminding);
    case "gone":
      return close({ ...before.finding, status: "PASS", changedBy: null }, before, reminding);
    case "out-of-scope":
      return close({ ...before.finding, status: "NOT_APPLICABLE", changedBy: null }, before, reminding);
  }
}
