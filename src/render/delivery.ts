/** What a message about an audit says beyond the report. */
export type DeliveryOptions = {
  /** Where the whole report is stored, as people look it up; `null` when it is nowhere. */
  readonly reportLocation: string | null;
  /** Whether this is the first audit: what it opens is the starting point, not news. */
  readonly baseline: boolean;
};
