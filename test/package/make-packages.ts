import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openService, packageInto } from "./service.ts";

/** Packages the service twice, once for all files that look at packages, and takes them away at the end of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = await mkdtemp(join(tmpdir(), "pull-through-packages-"));
  const [one, other] = [join(root, "one"), join(root, "other")];
  await Promise.all([one, other].map(packageElsewhere));
  project.provide("packages", [one, other]);
  return () => rm(root, { recursive: true });
}

async function packageElsewhere(folder: string): Promise<void> {
  await using service = await openService();
  await packageInto(service, folder);
}
