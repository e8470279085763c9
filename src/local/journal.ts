import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/** A file of JSON lines that survives a crash. */
export type JournalFile = AsyncDisposable & {
  /** The parsed lines. */
  readonly lines: readonly unknown[];
  /** Appends a line. When the promise resolves, the line is on disk. */
  readonly append: (value: unknown) => Promise<void>;
};

/**
 * Opens or creates a journal. Removes a last line that a crash cut short: nothing relied on it yet.
 *
 * @throws SyntaxError if any other line is not JSON
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

/** A new file is found after a crash only if its folder was flushed to disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder: FileHandle = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
