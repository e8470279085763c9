import { createHash } from "node:crypto";
import { compareValues } from "../../core/order.ts";
import type { Waiver } from "../../policy/sections/waivers.ts";
import {
  CHECK_REPORT_SCHEMA_VERSION,
  type CheckReport,
  type CodeFinding,
} from "../../schemas/check-report.ts";
import type { Severity, Status } from "../../schemas/finding.ts";
import { severityRank } from "../../schemas/finding.ts";
import type { DeclaredRule, Origin } from "../declared-rule.ts";
import type { FileOfRules } from "../rules-in-file.ts";
import { withoutStandIns } from "./possible-registries.ts";

/** What a check says about a rule in code. */
export type Answer = {
  readonly status: Exclude<Status, "WAIVED">;
  readonly kind: string;
  /** Distinguishes several answers of one check for one rule. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly prose: () => { readonly title: string; readonly message: string; readonly remediation: string };
};

/**
 * What holds in all of several possible cases: the failures that all cases have in common; otherwise the answers, if
 * they are the same in all cases; `null` if they depend on the case.
 */
export function agreed([first = [], ...others]: readonly (readonly Answer[])[]): readonly Answer[] | null {
  const failsEverywhere = first.filter(
    (answer) => answer.status === "FAIL" && others.every((answers) => answers.some(isLike(answer))),
  );
  if (failsEverywhere.length > 0) return failsEverywhere;
  const sameEverywhere = others.every(
    (answers) => answers.length === first.length && first.every((answer) => answers.some(isLike(answer))),
  );
  return sameEverywhere && first.every(({ status }) => status !== "FAIL") ? first : null;
}

function isLike(one: Answer): (other: Answer) => boolean {
  return ({ status, kind, subject }) => status === one.status && kind === one.kind && subject === one.subject;
}

/** What a finding is about: a rule, or a part of a file that was not read. */
export type FindingSubject = Origin &
  Pick<DeclaredRule, "location"> & {
    readonly prefix: string | null;
    /** As {@link DeclaredRule}'s. */
    readonly source?: DeclaredRule["source"];
  };

/** The parts of a finding. */
type FindingParts = {
  readonly subject: FindingSubject;
  readonly check: { readonly id: string; readonly docs: string };
  readonly answer: Answer;
  readonly severity: Severity;
  readonly waiver: Waiver | null;
};

/** The finding for one answer, with its texts. */
export function findingOf({ subject, check, answer, severity, waiver }: FindingParts): CodeFinding {
  const { file, line, address, location, prefix, source = null } = subject;
  const { title, message, remediation } = answer.prose();
  return {
    id: idOf([file, address, check.id, answer.subject]),
    check: check.id,
    status: waiver === null ? answer.status : "WAIVED",
    severity,
    file,
    line,
    source,
    address,
    account: location.account,
    region: location.region,
    prefix,
    kind: answer.kind,
    data: answer.data,
    title,
    message: withoutStandIns(message),
    remediation: withoutStandIns(remediation),
    docs: check.docs,
    waiver: waiver === null ? null : noteOf(waiver),
  };
}

function noteOf({ reason, owner, ticket, expires }: Waiver): CodeFinding["waiver"] {
  return { reason, owner, ticket: ticket ?? null, expires };
}

function idOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** The parts of a report on code. */
type CheckReportParts = Pick<CheckReport, "policy"> & {
  readonly files: readonly FileOfRules[];
  /** The findings that are reported. */
  readonly findings: readonly CodeFinding[];
  /** How many findings there are of each status, also of those that are not reported. */
  readonly byStatus: CheckReport["summary"]["findings"];
  readonly leftOut: ReadonlySet<string>;
};

/** Builds a report on code: counts and sorts the findings, and derives the verdict. */
export function checkReportOf(parts: CheckReportParts): CheckReport {
  const { files, policy, findings, byStatus, leftOut } = parts;
  const failing = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };
  for (const { status, severity } of findings) if (status === "FAIL") failing[severity] += 1;
  return {
    schemaVersion: CHECK_REPORT_SCHEMA_VERSION,
    status: verdictOf(byStatus),
    policy,
    files: files.map(({ file, format, rules }) => ({ file, format, rules: rules.length })),
    summary: {
      rules: files.reduce((sum, { rules }) => sum + rules.length, 0),
      findings: byStatus,
      failing,
    },
    checksLeftOut: [...leftOut].toSorted(compareValues),
    findings: findings.toSorted(byWeight),
  };
}

function verdictOf({ FAIL, UNKNOWN }: CheckReport["summary"]["findings"]): CheckReport["status"] {
  if (FAIL > 0) return "non-compliant";
  return UNKNOWN > 0 ? "incomplete" : "compliant";
}

/** Whether a finding is reported. Most pass, and no finding is built for them. */
export function isReported(includePassing: boolean): (answer: Pick<Answer, "status">) => boolean {
  return ({ status }) => includePassing || (status !== "PASS" && status !== "NOT_APPLICABLE");
}

function byWeight(a: CodeFinding, b: CodeFinding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    compareValues(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareValues(a.address, b.address) ||
    compareValues(a.check, b.check) ||
    compareValues(a.id, b.id)
  );
}
