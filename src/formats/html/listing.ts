import { type GapGroup, groupFindings, groupGaps, type Problem } from "../../render/group.ts";
import { unexplainedBy } from "../../render/verdict.ts";
import { isFailing, isResolved } from "../../schemas/count-findings.ts";
import type { Report } from "../../schemas/report.ts";

/** The status of an entry, as used by the status filter. */
export type ListingStatus = keyof typeof listingTitles;

/** The heading for each status, in the order of the page. */
export const listingTitles = {
  failing: "Failing",
  unseen: "Not covered",
  unknown: "Unknown",
  waived: "Waived",
  fixed: "Resolved since the previous audit",
} as const;

/** One problem, or the gaps with one reason; `id` is its anchor on the page. */
export type Entry = { readonly id: string } & (
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "gaps"; readonly group: GapGroup }
);

/** All entries of one status. */
export type Listing = {
  readonly status: ListingStatus;
  readonly entries: readonly Entry[];
  /** The number of findings or gaps of this status. */
  readonly count: number;
  /** How many of these findings the page leaves out, because there are more than {@link mostListed}. */
  readonly omitted: number;
};

/**
 * The findings of one status that the page lists. A page with 80,000 findings has 100 million characters: no browser
 * shows it, and rendering it takes more memory than the function has. The JSON and CSV reports list all findings.
 */
export const mostListed = 20_000;

/**
 * Lists the entries of a report by status, the worst first. Passing findings are not listed, nor are unknown findings
 * that a coverage gap explains.
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
  const listed = findings.slice(0, mostListed);
  const entries = groupFindings(listed).map((problem, index) => {
    return { id: `${status}-${index + 1}`, kind: "problem", problem } as const;
  });
  return { status, entries, count: findings.length, omitted: findings.length - listed.length };
}

function gapListing(gaps: Report["coverage"]["gaps"]): Listing {
  const entries = groupGaps(gaps).map((group, index) => {
    return { id: `unseen-${index + 1}`, kind: "gaps", group } as const;
  });
  return { status: "unseen", entries, count: gaps.length, omitted: 0 };
}
