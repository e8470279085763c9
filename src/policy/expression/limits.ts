/** What working out one expression once may take. */
export const expressionLimits = {
  /** A step looks at one character or one entry of a list, or enters one part of an expression (ten steps). */
  maxSteps: 25_000_000,
  /** How many characters and entries a single value may have, those of its entries included. */
  maxValueSize: 100_000,
} as const;

/** The facts by which a policy is refused at once: a registry with all its 50 rules, and ARNs of usual length. */
export const usualFacts = { rules: 50, units: 5, text: 128 } as const;
