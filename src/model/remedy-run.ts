/** What AWS answered to a change of a rule. */
export type Written =
  | { readonly outcome: "done" }
  | {
      readonly outcome: "refused";
      /** The exception's name, documented or not. */
      readonly exception: string;
      /** What AWS or the network said: hostile text. */
      readonly message: string;
    };

/** What became of a step of a plan. */
export const stepOutcomes = ["applied", "unconfirmed", "undone", "failed", "skipped", "refused"] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

/** A step of a plan, and what became of it. */
export type StepResult = {
  readonly account: string;
  readonly region: string;
  /** The change in one line. */
  readonly title: string;
  readonly outcome: StepOutcome;
  /** Why, where it is not simply applied. Holds hostile text. */
  readonly detail: string | null;
};
