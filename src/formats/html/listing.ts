import { isFailing, isResolved } from "../../render/counts.ts";
import { type GapGroup, groupFindings, groupGaps, type Problem } from "../../render/group.ts";
import { unexplainedBy } from "../../render/verdict.ts";
import type { Report } from "../../schemas/report.ts";

/** What an entry of the page says of its places, as the filter by status names it. */
export type ListingStatus = keyof typeof listingTitles;

/** The headings that entries stand under, in the page's order. */
export const listingTitles = {
  failing: "Failing",
  unseen: "Not seen",
  unknown: "Not judged",
  waived: "Waived",
  fixed: "Fixed since the audit before",
} as const;

/** One problem, or one reason for not seeing; `id` is its anchor on the page. */
export type Entry = { readonly id: string } & (
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "gaps"; readonly group: GapGroup }
);

/** All entries of one status. */
export type Listing = {
  readonly status: ListingStatus;
  readonly entries: readonly Entry[];
  /** How many findings or gaps they tell of. */
  readonly count: number;
};

/**
 * All that a report has to tell, by status, the worst first; what passes is not listed. Of what could not be judged
 * only that is listed which the gaps in coverage do not explain.
 */
export function listingsOf({ findings, coverage }: Report): readonly Listing[] {
  const unresolved = findings.filter((finding) => !isResolved(finding));
  const ofStatus = (status: Report["findings"][number]["status"]) =>
    unresolved.filter((finding) => finding.status === status);
  const listings = [
    problemListing("failing", findings.filter(isFailing)),
    gapListing(coverage.gaps),
    problemListing("unknown", unexplainedBy(coverage.gaps, ofStatus("UNKNOWN"))),
    problemListing("waived", ofStatus("WAIVED")),
    problemListing("fixed", findings.filter(isResolved)),
  ];
  return listings.filter(({ count }) => count > 0);
}

function problemListing(status: ListingStatus, findings: Report["findings"]): Listing {
  const entries = groupFindings(findings).map((problem, index) => {
    return { id: `${status}-${index + 1}`, kind: "problem", problem } as const;
  });
  return { status, entries, count: findings.length };
}

function gapListing(gaps: Report["coverage"]["gaps"]): Listing {
  const entries = groupGaps(gaps).map((group, index) => {
    return { id: `unseen-${index + 1}`, kind: "gaps", group } as const;
  });
  return { status: "unseen", entries, count: gaps.length };
}
