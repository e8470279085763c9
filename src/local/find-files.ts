import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { PlainError } from "../core/errors.ts";
import { compareValues } from "../core/order.ts";

/** Folders that hold what others wrote. */
const foreign = ["node_modules"];

/** Whether a path is a folder; `false` if it cannot be asked. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * The files of a folder and of the folders in it whose names end in one of `endings`, in order. Hidden folders,
 * `node_modules` and links are left out.
 *
 * @param most how many files are found at most
 * @throws Error of the file system, or if there are more
 */
export async function findFiles(
  folder: string,
  endings: readonly string[],
  most: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => compareValues(a.name, b.name))) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".") && !foreign.includes(entry.name)) await visit(path);
      } else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) {
        if (found.length === most) throw new PlainError(`it holds more than ${most} files of code`);
        found.push(path);
      }
    }
  };
  await visit(folder);
  return found;
}
