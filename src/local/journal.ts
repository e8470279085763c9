import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/** A file of JSON lines that outlives a crash. */
export type JournalFile = AsyncDisposable & {
  /** What is in it, line by line. */
  readonly lines: readonly unknown[];
  /** Adds a line; when the promise is kept, the disk has it. */
  readonly append: (value: unknown) => Promise<void>;
};

/**
 * Opens a journal, or begins one. A last line that a crash cut short is done away with: what it would have said was
 * never relied on.
 *
 * @throws SyntaxError when another line is not JSON
 */
export async function openJournal(path: string): Promise<JournalFile> {
  const file = await open(path, "a+");
  try {
    const text = await file.readFile("utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    const lines = whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
    await file.sync();
    await syncFolder(dirname(path));
    return {
      lines,
      append: async (value) => {
        await file.appendFile(`${JSON.stringify(value)}\n`);
        await file.sync();
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A file that was just made is found after a crash only when its folder is on the disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder: FileHandle = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
