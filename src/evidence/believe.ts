import { compareValues } from "../core/order.ts";
import type { ChainLink } from "../schemas/chain.ts";

/** A stored report, as far as its place in the chain goes. */
export type ChainedReport = {
  readonly path: string;
  readonly sha256: string;
  /** The reports that it names. */
  readonly links: readonly ChainLink[];
};

/** A report that a link names: `unreadable` if its file is not a report, and `out-of-reach` if nobody asked about it. */
export type NamedReport = ChainedReport | "missing" | "unreadable" | "out-of-reach";

/** What is known of a report. A `doubter` is the file whose link says so, if nothing vouches for that file. */
export type Verdict =
  | { readonly is: "unaltered" }
  /** No unaltered file names it. */
  | { readonly is: "unnamed" }
  | { readonly is: "altered"; readonly doubter: string | null }
  | { readonly is: "missing"; readonly doubter: string | null };

type Witness = { readonly link: ChainLink; readonly doubter: string | null };

/** What names the newest reports: the state, which has its own digest, and `latest.json`, which has none. */
export type NewestLinks = { readonly state: readonly ChainLink[]; readonly pointer: Witness | null };

/**
 * What is known of each report, by the id of its audit. A link is believed only if it is of an unaltered file, so it
 * begins at the newest reports: an altered report says nothing about those before it. What only altered or missing files
 * named is `unnamed`, and its own links are believed, because they are all that is left.
 *
 * @param reports those that are known already; `find` may add to them
 * @param find the report that a link names; `isSettled` says whether a verdict on each of `reports` was found already
 */
export async function believe(
  reports: ReadonlyMap<string, ChainedReport>,
  { state, pointer }: NewestLinks,
  find: (auditId: string, isSettled: () => boolean) => Promise<NamedReport>,
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  // Each is looked at once in all: there may be a hundred thousand, and as many questions.
  const asked = [...reports.keys()];
  let settled = 0;
  const isSettled = () => {
    while (settled < asked.length && verdicts.has(asked[settled] ?? "")) settled += 1;
    return settled === asked.length;
  };
  await follow(state.map((link) => ({ link, doubter: null })));
  if (pointer !== null) await follow([pointer]);
  for (;;) {
    const undecided = [...reports].filter(([auditId]) => !verdicts.has(auditId));
    if (undecided.length === 0) return verdicts;
    const named = new Set(undecided.flatMap(([, { links }]) => links.map(({ auditId }) => auditId)));
    const newest = undecided.filter(([auditId]) => !named.has(auditId));
    // Reports that name each other in a circle have no newest one. At least one of them is altered.
    const first = (newest.length === 0 ? undecided : newest).toSorted(([a], [b]) => compareValues(a, b));
    for (const [auditId] of first) verdicts.set(auditId, { is: "unnamed" });
    await follow(first.flatMap(([, { links, path }]) => links.map((link) => ({ link, doubter: path }))));
  }

  /** Decides on what the links name, and on what that names. One of several links to a report has to be right. */
  async function follow(witnesses: readonly Witness[]): Promise<void> {
    const next = [...witnesses];
    const denied = new Map<string, Witness[]>();
    for (let witness = next.shift(); witness !== undefined; witness = next.shift()) {
      const { link, doubter } = witness;
      if (verdicts.has(link.auditId)) continue;
      const named = await find(link.auditId, isSettled);
      if (named === "missing") verdicts.set(link.auditId, { is: "missing", doubter });
      if (typeof named === "string") continue;
      if (named.sha256 === link.sha256) {
        verdicts.set(link.auditId, { is: "unaltered" });
        next.push(...named.links.map((one) => ({ link: one, doubter: null })));
      } else denied.set(link.auditId, [...(denied.get(link.auditId) ?? []), witness]);
    }
    for (const [auditId, by] of denied) {
      if (verdicts.has(auditId)) continue;
      const doubter = by.every((one) => one.doubter !== null) ? (by[0]?.doubter ?? null) : null;
      verdicts.set(auditId, { is: "altered", doubter });
    }
  }
}
