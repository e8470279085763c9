import { createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type AuditStore, StoreError } from "../audit/ports.ts";
import { pathInside } from "../audit/state/path-inside.ts";
import { refuseTooLarge, type StorageLocation, storeIn } from "../audit/state/store.ts";
import { messageOf } from "../core/errors.ts";
import { renderJson } from "../formats/json.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { LockHeldError, withFileLock } from "./file-lock.ts";

/**
 * A store in a folder, which is created by the first write. The state is written by compare-and-swap of its content,
 * under a lock.
 *
 * @param lockTimeoutMs how long to wait for other processes that hold the lock, in milliseconds
 */
export function folderStore(folder: string, lockTimeoutMs = 10_000): AuditStore {
  return storeIn(folderStorageLocation(resolve(folder), lockTimeoutMs), renderJson);
}

function folderStorageLocation(folder: string, lockTimeoutMs: number): StorageLocation {
  const locate = (path: string) => resolve(folder, pathInside(path));
  return {
    name: folder,
    locate,
    read: (path) => orFailure("read", locate(path), () => readVersioned(locate(path))),
    write: (path, text) => orFailure("written", locate(path), () => writeInFolder(locate(path), text)),
    replace: (path, text, version) =>
      orFailure("written", locate(path), async () => {
        await mkdir(dirname(locate(path)), { recursive: true });
        return withFileLock(`${locate(path)}.lock`, lockTimeoutMs, async () => {
          const current = await readVersioned(locate(path));
          if ((current?.version ?? null) !== version) return false;
          await writeFileAtomically(locate(path), text);
          return true;
        });
      }),
  };
}

async function writeInFolder(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomically(file, text);
}

/** A file's text, and the hash of the text as its version. */
async function readVersioned(file: string): Promise<{ text: string; version: string } | null> {
  try {
    await using handle = await open(file);
    refuseTooLarge((await handle.stat()).size, file);
    const text = await handle.readFile("utf8");
    return { text, version: createHash("sha256").update(text).digest("hex") };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function orFailure<T>(action: "read" | "written", file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${file} could not be ${action}: ${messageOf(error)}. ${adviceFor(error)}`, {
      cause: error,
    });
  }
}

const adviceByCode: Readonly<Record<string, string>> = {
  EROFS: "Use a store that is writable.",
  ENOTDIR: "Use a folder as the store.",
  EEXIST: "Use a folder as the store.",
};

function adviceFor(error: unknown): string {
  if (error instanceof LockHeldError)
    return "Another audit hangs while it writes: end it, and run the audit again.";
  return adviceByCode[codeOf(error)] ?? "Check the folder and its disk, or use another store.";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
