import { ROOT_PREFIX } from "../../model/rule.ts";
import { matchesName } from "../../policy/matching.ts";
import { withoutSlash } from "../../policy/prefix.ts";

/** How many of the repositories that may come to be under a prefix a scanning filter matches. */
export type Cover = "all" | "some" | "none";

/**
 * Decides how far a scanning filter covers what a rule with `prefix` caches. A filter without `*` matches each
 * name that contains it; in one with `*`, which matches names as a whole, `*` stands for any characters or none
 * (Amazon ECR user guide, "Filters to choose which repositories are scanned", November 2026).
 *
 * Names under a prefix go on in any way. So a filter matches all of them only by what they have in common, which
 * is the prefix and its slash; and some of them as soon as nothing before its first `*` contradicts that.
 */
export function coverOf(filter: string, prefix: string): Cover {
  const common = prefix === ROOT_PREFIX ? "" : `${withoutSlash(prefix)}/`;
  if (!filter.includes("*")) return common.includes(filter) ? "all" : "some";
  if (filter.endsWith("*") && matchesName(filter, common)) return "all";
  const start = filter.slice(0, filter.indexOf("*"));
  return start.startsWith(common) || common.startsWith(start) ? "some" : "none";
}
