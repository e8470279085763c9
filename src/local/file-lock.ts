import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./drafts.ts";

/** Others held a lock all the time that it was waited for. */
export class LockHeldError extends Error {
  override readonly name = "LockHeldError";
}

const retryAfterMs = 20;

/**
 * Does `work` while nobody else, in this process or another, does theirs under the same file. The lock is a transaction
 * on an empty SQLite database: the system takes it away from a process that dies, so that none is ever left behind,
 * and no age or process id is to be guessed from.
 *
 * Source: SQLite, "File Locking And Concurrency In SQLite Version 3", November 2026.
 *
 * @throws LockHeldError when others hold the lock for all of `patienceMs`
 */
export async function withFileLock<T>(path: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const { DatabaseSync } = await import("node:sqlite");
  using database = new DatabaseSync(path, { timeout: 0 });
  const deadline = performance.now() + patienceMs;
  while (!holds(() => database.exec("BEGIN EXCLUSIVE"))) {
    if (performance.now() >= deadline)
      throw new LockHeldError(`${path} was held for ${patienceMs} ms by ${await holderOf(path)}`);
    await sleep(retryAfterMs);
  }
  // A help to people and nothing more: the lock holds without it.
  await writeFile(holderFile(path), `process ${process.pid} on ${hostname()}`).catch(() => undefined);
  try {
    return await work();
  } finally {
    await rm(holderFile(path), { force: true }).catch(() => undefined);
  }
}

function holderFile(path: string): string {
  return `${path}.holder`;
}

/** Who holds the lock, as they say it: who was killed said so too, and holds it no more. */
async function holderOf(path: string): Promise<string> {
  const said = await readFile(holderFile(path), "utf8").catch(() => "");
  const [, pid, on] = /^process (\d{1,10}) on ([\w.-]{1,255})$/.exec(said) ?? [];
  const isGone = pid === undefined || (on === hostname() && !isAlive(Number(pid)));
  return isGone ? "others" : said;
}

/** SQLite's result code SQLITE_BUSY ("Result and Error Codes", November 2026). */
const busy = 5;

function holds(begin: () => void): boolean {
  try {
    begin();
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return false;
    throw error;
  }
}
