import type { Finding } from "./finding.ts";
import type { CoverageGap, Report } from "./report.ts";

/** The version of the shape of {@link ReportDiff}. */
export const DIFF_SCHEMA_VERSION = 1;

/** What tells one of two audits that are compared from the other, and its figures. */
export type DiffSide = Pick<
  Report,
  "auditId" | "startedAt" | "finishedAt" | "trigger" | "status" | "policy" | "summary"
> & {
  readonly coverage: Pick<Report["coverage"], "planned" | "audited" | "partial" | "unreachable">;
};

/** A finding that failed and fails, but no longer in the same way. */
export type ChangedFinding = { readonly before: Finding; readonly after: Finding };

/** A registry that one of two audits saw and the other did not. */
export type SeenChange = {
  readonly account: string;
  readonly accountName: string | null;
  readonly region: string;
  /** Why it was not seen, as far as the audit that did not says. */
  readonly gaps: readonly Pick<CoverageGap, "reason" | "operation" | "detail">[];
};

/** Two audits compared, each by what its own report says. */
export type ReportDiff = {
  readonly schemaVersion: typeof DIFF_SCHEMA_VERSION;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Failing now, and not before. */
  readonly opened: readonly Finding[];
  /** Failing before and now, but differently. */
  readonly changed: readonly ChangedFinding[];
  /** Failing before, and waived now. */
  readonly waived: readonly Finding[];
  /** Failing before, and seen not to fail any more; as they were. */
  readonly resolved: readonly Finding[];
  /** Failing before, and not seen or not judged now; as they were. */
  readonly unseen: readonly Finding[];
  /** How many fail before and now in the same way. */
  readonly unchanged: number;
  /** Registries that are seen no more, and those that are seen only now. */
  readonly coverage: { readonly lost: readonly SeenChange[]; readonly gained: readonly SeenChange[] };
};
