/** What a message about an audit says beyond the report. */
export type DeliveryOptions = {
  /** Where the whole report is stored, as people look it up; `null` when it is nowhere. */
  readonly reportLocation: string | null;
};

/** Where people look instead: the page is kept beside the report's JSON. */
export function pageLocation(reportLocation: string): string {
  return reportLocation.replace(/\/report\.json$/, "/report.html");
}
