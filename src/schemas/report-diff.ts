import type { Finding } from "./finding.ts";
import type { CoverageGap, Report } from "./report.ts";

/** The schema version of {@link ReportDiff}. */
export const DIFF_SCHEMA_VERSION = 1;

/** One side of a comparison: which audit it is, and its figures. */
export type DiffSide = Pick<
  Report,
  "auditId" | "startedAt" | "finishedAt" | "trigger" | "status" | "policy" | "narrowedTo" | "summary"
> & {
  readonly coverage: Pick<Report["coverage"], "planned" | "audited" | "partial" | "unreachable">;
};

/** A finding that fails in both audits, but in different ways. */
export type ChangedFinding = { readonly before: Finding; readonly after: Finding };

/** A registry that only one of the two audits could read. */
export type SeenChange = {
  readonly account: string;
  readonly accountName: string | null;
  readonly region: string;
  /** Why the other audit could not read it, if that audit says so. */
  readonly gaps: readonly Pick<CoverageGap, "reason" | "operation" | "detail">[];
};

/** The comparison of two audits by their reports. */
export type ReportDiff = {
  readonly schemaVersion: typeof DIFF_SCHEMA_VERSION;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Failing after, and not before. */
  readonly opened: readonly Finding[];
  /** Failing before and after, but differently. */
  readonly changed: readonly ChangedFinding[];
  /** Failing before, and waived after. */
  readonly waived: readonly Finding[];
  /** Failing before, and evaluated as not failing after; as they were before. */
  readonly resolved: readonly Finding[];
  /** Failing before, and not read or not evaluated after; as they were before. */
  readonly unseen: readonly Finding[];
  /** How many fail before and after in the same way. */
  readonly unchanged: number;
  /** Registries that only the earlier audit could read, and those that only the later audit could read. */
  readonly coverage: { readonly lost: readonly SeenChange[]; readonly gained: readonly SeenChange[] };
};
