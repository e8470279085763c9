import { access, constants, open, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../core/errors.ts";
import { writeFileAtomically } from "../local/atomic-file.ts";

/** An output could not be written, although it could be when the work began: the disk is full, for instance. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/**
 * Tries whether an output can be written, without changing what is there. A pipe is not opened: that would end it for
 * its reader.
 *
 * @throws Error of the file system when it can not
 */
export async function tryOutput(path: string): Promise<void> {
  const file = await locationOf(path);
  if (file === null) return access(path, constants.W_OK);
  await access(dirname(file), constants.W_OK);
  if ((await kindOf(file)) === "folder") throw new Error("EISDIR: it is a folder");
  // Not every folder that exists takes files: /proc and network disks say so only when one is made.
  const trial = `${file}.${process.pid}.trial`;
  await (await open(trial, "wx")).close();
  await rm(trial);
}

/**
 * Writes an output: a file whole or not at all, and through a symbolic link into what it names; a pipe, a device or
 * `/dev/stdout` as it is.
 *
 * @throws Error of the file system when it can not be written
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  const file = await locationOf(path);
  if (file === null) return writeFile(path, text);
  return writeFileAtomically(file, text);
}

/** Does all of it, whatever fails. @returns what the outputs that failed say */
export async function lostOutputs(works: readonly (() => Promise<void>)[]): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const work of works) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      lost.push(error.message);
    }
  }
  return lost;
}

/** Whether somebody misses what could not be written to standard output: not who closed the pipe, having seen enough. */
export function isOutputMissed(error: unknown): boolean {
  return !(error instanceof Error && "code" in error && error.code === "EPIPE");
}

/** Why standard output could not be written, for people. */
export function lostOutputText(error: unknown): string {
  return isOutputMissed(error) ? messageOf(error) : "its reader closed the pipe.";
}

/** The file behind a path, which may be yet to come; `null` for what is no file, such as a pipe or a device. */
async function locationOf(path: string): Promise<string | null> {
  // What a process has open is written to as it is: a file put in its place would not be what is open.
  if (/^\/(dev|proc)\//.test(path)) return null;
  const kind = await kindOf(path);
  if (kind === "none") return path;
  return kind === "other" ? null : realpath(path);
}

async function kindOf(path: string): Promise<"file" | "folder" | "other" | "none"> {
  try {
    const found = await stat(path);
    if (found.isFile()) return "file";
    return found.isDirectory() ? "folder" : "other";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "none";
    throw error;
  }
}
