import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { packageFile } from "../../src/package-file.ts";
import { markersOf, wordsOf } from "../../tools/release/settings.ts";
import { openService, packageInto } from "./service.ts";

/**
 * Packages the service twice, once for all files that look at packages, and takes them away at the end of the run: as it is,
 * and as a release is packaged, whose code is the same.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(join(tmpdir(), "pull-through-packages-"));
  const [one, other] = [join(root, "one"), join(root, "other")];
  const markers = wordsOf(markersOf(packageFile("")));
  await Promise.all([packageElsewhere(one, []), packageElsewhere(other, markers)]);
  project.provide("packages", [one, other]);
  return () => rm(root, { recursive: true });
}

async function packageElsewhere(folder: string, words: readonly string[]): Promise<void> {
  await using service = await openService();
  await packageInto(service, folder, words);
}
