import { access, constants, open, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { codeOf, messageOf, PlainError } from "../core/errors.ts";
import { writeFileAtomically } from "../local/atomic-file.ts";
import { UsageError } from "./terminal.ts";

/** An output could not be written, although this was possible when the command started. A full disk is one cause. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/**
 * Runs the trial of an output before any work is done.
 *
 * @param option the option that names the output, with its value
 * @throws UsageError if the trial fails
 */
export async function tryOption(option: string, trial: Promise<void>): Promise<void> {
  try {
    await trial;
  } catch (error) {
    throw new UsageError(`${option}: ${messageOf(error)}`);
  }
}

/**
 * Checks that an output can be written, without changing the existing content. A pipe is not opened, because closing it
 * would end the input of its reader.
 *
 * @throws Error of the file system if it cannot be written
 */
export async function tryOutput(path: string): Promise<void> {
  const file = await locationOf(path);
  if (file === null) return access(path, constants.W_OK);
  await tryAccess(dirname(file));
  if ((await kindOf(file)) === "folder") throw new PlainError("it is a folder, not a file");
  await tryNewFile(`${file}.${process.pid}.trial`);
}

async function tryAccess(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const isMissing = error instanceof Error && codeOf(error) === "ENOENT";
    throw new PlainError(
      isMissing
        ? `the folder ${folder} does not exist; create it`
        : `the folder ${folder} cannot be written to: ${messageOf(error)}`,
    );
  }
}

/**
 * Checks that files can be written to a folder that exists, or that can be created.
 *
 * @throws Error of the file system if not
 */
export async function tryFolder(path: string): Promise<void> {
  const kind = await kindOf(path);
  if (kind === "none") return tryFolder(dirname(resolve(path)));
  if (kind !== "folder") throw new PlainError("it is not a folder");
  await tryNewFile(join(path, `.${process.pid}.trial`));
}

/** Some folders refuse new files, such as /proc and some network disks. Only creating a file shows this. */
async function tryNewFile(trial: string): Promise<void> {
  await (await open(trial, "wx")).close();
  await rm(trial);
}

/**
 * Writes an output. A file is replaced atomically, and a symbolic link is followed to its target. A pipe, a device or
 * `/dev/stdout` is written to directly.
 *
 * @throws Error of the file system if it cannot be written
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  const file = await locationOf(path);
  if (file === null) return writeFile(path, text);
  return writeFileAtomically(file, text);
}

/** Runs every function, even if one fails. @returns the messages of the outputs that failed */
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

/** Whether a failed write to standard output counts as lost output. A reader that closed the pipe wants no more. */
export function isLostOutput(error: unknown): boolean {
  return !(error instanceof Error && "code" in error && error.code === "EPIPE");
}

/** Describes why standard output could not be written. */
export function lostOutputText(error: unknown): string {
  return isLostOutput(error) ? messageOf(error) : "its reader closed the pipe.";
}

/** The file that a path leads to, existing or not; `null` if the path is not a file, such as a pipe or a device. */
async function locationOf(path: string): Promise<string | null> {
  // A path to an open file is written to directly: a replacement would not be the file that is open.
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
