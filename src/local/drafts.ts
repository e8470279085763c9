import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { systemClock } from "./clock.ts";

/** A draft this old is abandoned, no matter which host wrote it. */
const oldMs = 86_400_000;

/** The host name, in characters that file names may have. */
const host =
  hostname()
    .replaceAll(/[^\w-]/g, "-")
    .slice(0, 60) || "host";

/** The path of a new draft of a file. It names the host and the process that write it. */
export function draftOf(path: string): string {
  return `${path}.${host}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
}

/**
 * Removes abandoned drafts of a file: those of ended processes of this host, and old ones. A draft that cannot be
 * removed stays, and does no harm.
 */
export async function sweepDrafts(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  const names = await readdir(folder).catch(() => []);
  for (const draft of names) {
    if (!draft.startsWith(`${name}.`) || !draft.endsWith(".tmp")) continue;
    const file = join(folder, draft);
    if (await isLeft(file, draft.slice(name.length + 1)))
      await rm(file, { force: true }).catch(() => undefined);
  }
}

/** @param mark the part of a draft's name after the name of the file */
async function isLeft(file: string, mark: string): Promise<boolean> {
  const [, writtenOn, pid] = /^([\w-]+)\.(\d{1,10})\.[0-9a-f]{12}\.tmp$/.exec(mark) ?? [];
  const isOurs = pid !== undefined || /^[0-9a-f]{12}\.tmp$/.test(mark);
  if (!isOurs) return false;
  if (writtenOn === host && !isAlive(Number(pid))) return true;
  const found = await stat(file).catch(() => null);
  return found !== null && systemClock.now().getTime() - found.mtimeMs > oldMs;
}

/** Whether a process runs on this host, including processes of other users. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
