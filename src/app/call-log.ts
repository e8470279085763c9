import { attemptText, watchCalls } from "../aws/call-log.ts";

/** Writes a line after each attempt of each call to AWS. @returns a function that ends this */
export function showCalls(write: (line: string) => void): () => void {
  return watchCalls((attempt) => write(attemptText(attempt)));
}
