import { StoreError } from "../ports.ts";

/** What may stand in a name between two slashes: printable ASCII that no file system and no shell takes for more. */
const step = /^[A-Za-z0-9_=@+,.-]{1,255}$/;

/**
 * A path below a folder or a prefix, as it was given. The one place where a name becomes part of a path: names come from
 * accounts, regions and ids that were read from files, and none of them may lead out of the place that was named.
 *
 * @param path names joined by `/`; a slash at its end means a folder
 * @throws StoreError when it is absolute, or one of its names is empty, `.`, `..` or has other characters
 */
export function pathInside(path: string): string {
  const steps = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  if (steps.every((name) => step.test(name) && name !== "." && name !== "..")) return path;
  throw new StoreError(
    `${JSON.stringify(path.slice(0, 200))} cannot be the name of a file: it would lead out of the folder, or has characters that names of files do not have. Nothing was written.`,
  );
}
