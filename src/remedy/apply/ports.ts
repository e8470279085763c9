import type { RegistryReader } from "../../audit/ports.ts";
import type { PlannedRule } from "../../model/remedy-plan.ts";
import type { Written } from "../../model/remedy-run.ts";

/** A registry that is read and changed. No method throws for AWS's trouble. */
export type RegistryDesk = Pick<RegistryReader, "listRules" | "validateRule"> & {
  readonly createRule: (rule: PlannedRule) => Promise<Written>;
  /** Gives a rule another credential or role; what is `null` stays as it is. */
  readonly updateRule: (
    prefix: string,
    change: Pick<PlannedRule, "credentialArn" | "customRoleArn">,
  ) => Promise<Written>;
  readonly deleteRule: (prefix: string) => Promise<Written>;
};

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
