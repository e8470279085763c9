import { rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./drafts.ts";
import { openDatabase, openDatabaseInChild } from "./lock-database.ts";

/** Other processes held the lock during the whole wait. */
export class LockHeldError extends Error {
  override readonly name = "LockHeldError";
  readonly isPlain = true;
}

const retryAfterMs = 20;

/** Node.js 22.12 has SQLite only with a flag, and later versions of Node.js 22 print a warning when it is loaded. */
const hasSqlite = Number.parseInt(process.versions.node, 10) >= 24;

/**
 * Runs `work` under an exclusive lock on a file, within this process and across processes. The lock is a transaction on
 * an empty SQLite database. The operating system releases it when a process ends, so there are no stale locks and no
 * need to guess from an age or a process ID.
 *
 * Source: SQLite, "File Locking And Concurrency In SQLite Version 3", November 2026.
 *
 * @throws LockHeldError if others hold the lock for all of `timeoutMs`
 */
export async function withFileLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  await using database = await (hasSqlite ? openDatabase(path) : openDatabaseInChild(path));
  const deadline = performance.now() + timeoutMs;
  while (!(await database.tryLock())) {
    if (performance.now() >= deadline)
      throw new LockHeldError(`${path} was held for ${timeoutMs} ms by ${await holderOf(path)}`);
    await sleep(retryAfterMs);
  }
  // Only for error messages: the lock works without this file.
  await writeFile(holderFile(path), `process ${process.pid} on ${hostname()}`).catch(() => undefined);
  try {
    return await work();
  } finally {
    await rm(holderFile(path), { force: true }).catch(() => undefined);
  }
}

/** Removes the files of a lock that this process holds, right before the process ends. */
export function removeLockFiles(path: string): void {
  for (const file of [path, holderFile(path), `${path}-journal`]) rmSync(file, { force: true });
}

function holderFile(path: string): string {
  return `${path}.holder`;
}

/** The process that holds the lock, according to the holder file, which a killed process leaves behind. */
async function holderOf(path: string): Promise<string> {
  const said = await readFile(holderFile(path), "utf8").catch(() => "");
  const [, pid, on] = /^process (\d{1,10}) on ([\w.-]{1,255})$/.exec(said) ?? [];
  const isGone = pid === undefined || (on === hostname() && !isAlive(Number(pid)));
  return isGone ? "others" : said;
}
