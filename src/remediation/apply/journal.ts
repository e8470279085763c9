/** Records each step before it begins and after it ends. An entry is on disk when its promise resolves. */
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
