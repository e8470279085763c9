import { withoutSecrets } from "./collected.ts";

/**
 * What an error says, for people: its name and its message. Where the message is empty, as in Node's refused
 * connections, its code. An error with `isPlain` says all in its message, and goes without its name. Tokens and
 * signatures are left out, and a text beyond 10 KB is cut.
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

/** The code of an error of Node.js, such as `ECONNREFUSED`; empty where it has none. */
export function codeOf(error: object): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
