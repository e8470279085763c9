/** The budget for one evaluation of an expression. */
export const expressionLimits = {
  /** Reading one character or one list entry takes one step; entering a part of an expression takes ten. */
  maxSteps: 25_000_000,
  /** The maximum number of characters and entries of a single value, including nested entries. */
  maxValueSize: 100_000,
} as const;

/** The facts for which every expression must be within its budget: a registry with 50 rules and typical ARNs. */
export const usualFacts = { rules: 50, units: 5, text: 128 } as const;
