import { withoutSecrets } from "./collected.ts";

/**
 * Formats an error for people: its name and its message. If the message is empty, as for refused connections in
 * Node.js, its code. For an error with `isPlain`, only the message. Tokens and signatures are removed, and a text
 * beyond 10 KB is truncated.
 */
export function messageOf(error: unknown): string {
  return withoutSecrets(saidBy(error));
}

function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("isPlain" in error && error.isPlain === true) return error.message;
  const said = error.message === "" ? codeOf(error) : error.message;
  return said === "" ? error.name : `${error.name}: ${said}`;
}

/** The code of a Node.js error, such as `ECONNREFUSED`; empty if it has none. */
export function codeOf(error: object): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
