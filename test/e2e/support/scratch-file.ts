import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes a file into a folder of its own, which lives as long as the test. */
export async function scratchFile(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pull-through-auditor-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
