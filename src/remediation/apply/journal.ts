/** Where a run writes down each step before and after it: each entry is on the disk when its promise is kept. */
export type Journal = { readonly append: (entry: JournalEntry) => Promise<void> };

/** One line of the journal. */
export type JournalEntry = {
  readonly plan: string;
  readonly at: string;
  readonly account: string;
  readonly region: string;
  /** The change's position in its registry's plan, from 0. */
  readonly step: number;
  readonly event: "begun" | "applied" | "unconfirmed" | "undone" | "failed";
  readonly detail: string | null;
};
