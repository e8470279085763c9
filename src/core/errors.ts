import { withoutSecrets } from "./collected.ts";

/** An error whose message is a sentence for people, and is shown without the error's name. */
export class PlainError extends Error {
  override readonly name = "PlainError";
  readonly isPlain = true;
}

/**
 * Formats an error for people: its name and its message. If the message is empty, as for refused connections in
 * Node.js, its code. For an error with `isPlain`, only the message; for an error of the file system, a sentence. Tokens
 * and signatures are removed, and a text beyond 10 KB is truncated.
 */
export function messageOf(error: unknown): string {
  return withoutSecrets(saidBy(error));
}

function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("isPlain" in error && error.isPlain === true) return error.message;
  const sentence = fileSentenceOf(error);
  if (sentence !== null) return sentence;
  const said = error.message === "" ? codeOf(error) : error.message;
  return said === "" ? error.name : `${error.name}: ${said}`;
}

/** The code of a Node.js error, such as `ECONNREFUSED`; empty if it has none. */
export function codeOf(error: object): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Errors of the file system by their codes (POSIX, "errno.h"), each as the end of a sentence about a file or folder. */
const fileSentences = new Map([
  ["ENOENT", "it does not exist"],
  ["EISDIR", "it is a folder, not a file"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["EACCES", "access is denied; change its permissions, or run as another user"],
  ["EPERM", "access is denied; change its permissions, or run as another user"],
  ["EROFS", "it is on a disk that is read-only"],
  ["ENOSPC", "the disk is full; free disk space"],
  ["EDQUOT", "the disk quota is used up; free disk space"],
  ["EFBIG", "the file would be larger than is allowed here"],
  ["EIO", "the disk reports an error"],
  ["EEXIST", "it exists already"],
  ["EBUSY", "another program uses it"],
  ["ETXTBSY", "another program uses it"],
  ["EMFILE", "too many files are open; raise the limit (ulimit -n)"],
  ["ENFILE", "too many files are open on this machine"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ELOOP", "its symbolic links lead in a circle"],
  ["ENXIO", "it is a device or socket that cannot be used"],
  ["ENODEV", "it is a device or socket that cannot be used"],
]);

/** System calls that are not about files, although their errors have the same codes. */
const otherCalls = ["connect", "spawn", "listen", "bind"];

/** An error of the file system as the end of a sentence, such as `it does not exist`; `null` for any other error. */
export function fileSentenceOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("syscall" in error)) return null;
  const { syscall } = error;
  if (typeof syscall !== "string" || otherCalls.some((call) => syscall.startsWith(call))) return null;
  return fileSentences.get(codeOf(error)) ?? null;
}
