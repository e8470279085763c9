import { open, rename, rm } from "node:fs/promises";
import { draftOf, sweepDrafts } from "./drafts.ts";

/**
 * Writes a file atomically: writes a draft in the same folder and renames it. Readers see the old text or the new one,
 * and the old text survives a full disk. Also removes drafts that killed processes left behind.
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  await sweepDrafts(path);
  const draft = draftOf(path);
  try {
    await writeThrough(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Writes a new file and flushes it to disk. */
async function writeThrough(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx");
  await file.writeFile(text);
  await file.sync();
}
