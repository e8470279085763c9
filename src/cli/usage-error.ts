/** The command line was used wrongly; the message says how it is used rightly. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
