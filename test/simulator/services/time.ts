/** A point in time in AWS JSON: seconds since 1970. Source: Smithy 2.0, "timestampFormat". */
export function epochSeconds(moment: string | Date): number {
  return new Date(moment).getTime() / 1000;
}

/** The same for an optional point in time. */
export function optionalEpochSeconds(moment: string | undefined): number | undefined {
  return moment === undefined ? undefined : epochSeconds(moment);
}
