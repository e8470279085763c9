import { StoreError } from "../ports.ts";

/** A name between two slashes: printable ASCII without special meaning to file systems and shells. */
const step = /^[A-Za-z0-9_=@+,.-]{1,255}$/;

/**
 * Validates a path below a folder or a prefix, and returns it unchanged. Every stored path goes through this function,
 * because names come from accounts, regions and IDs in files, and none may lead out of the folder.
 *
 * @param path names joined by `/`; a trailing slash means a folder
 * @throws StoreError if it is absolute, or if one of its names is empty, `.`, `..` or has other characters
 */
export function pathInside(path: string): string {
  const steps = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  if (steps.every((name) => step.test(name) && name !== "." && name !== "..")) return path;
  throw new StoreError(
    `${JSON.stringify(path.slice(0, 200))} cannot be a file path: it would lead out of the folder, or has characters that are not allowed. Nothing was written.`,
  );
}
