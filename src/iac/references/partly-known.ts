/** A name in code. Its beginning may be all that is known before deployment. */
export type PartlyKnown = {
  readonly start: string;
  /** What follows `start`: nothing, letters and digits that a tool generates, or what is not known. */
  readonly rest: "none" | "generated" | "unknown";
};
