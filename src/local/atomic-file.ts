import { open, rename, rm } from "node:fs/promises";
import { draftOf, sweepDrafts } from "./drafts.ts";

/**
 * Writes a file whole or not at all: beside its place first, and then into it, so that whoever reads it meets
 * the old text or the new one, and what is there already outlives a full disk. Drafts that killed processes left of it
 * are removed.
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

/** Writes a new file, and returns when the disk has it. */
async function writeThrough(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx");
  await file.writeFile(text);
  await file.sync();
}
