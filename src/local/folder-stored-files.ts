import { open, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type StoredFiles, StoreError } from "../audit/ports.ts";
import { pathInside } from "../audit/state/path-inside.ts";
import { refuseTooLarge } from "../audit/state/store.ts";
import { messageOf } from "../core/errors.ts";
import { compareValues } from "../core/order.ts";

/** The files of a store in a folder as bytes. */
export function folderStoredFiles(folder: string): StoredFiles {
  const root = resolve(folder);
  const locate = (path: string) => resolve(root, pathInside(path));
  return { name: root, locate, list: filesIn, read: (path) => orFailure(path, () => readFile(locate(path))) };

  async function* filesIn(path: string): AsyncGenerator<string> {
    const entries = await orFailure(path, () => readdir(locate(path), { withFileTypes: true }));
    for (const entry of (entries ?? []).toSorted((a, b) => compareValues(a.name, b.name))) {
      if (entry.isDirectory()) yield* filesIn(`${path}/${entry.name}`);
      else yield `${path}/${entry.name}`;
    }
  }

  /** @returns `null` if the path does not exist */
  async function orFailure<T>(path: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      const what = `${join(root, path)} could not be read: ${messageOf(error)}`;
      throw new StoreError(`${what}. Check the folder and its disk.`, { cause: error });
    }
  }
}

async function readFile(file: string): Promise<Uint8Array> {
  await using handle = await open(file);
  refuseTooLarge((await handle.stat()).size, file);
  return await handle.readFile();
}
