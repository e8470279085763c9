/**
 * Writes a release into `dist`: what can be deployed by `aws cloudformation deploy` alone, without this project and
 * without Serverless (docs/deploy.md). Run by `npm run release`, which makes the bill of materials first.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { writeRelease } from "./files.ts";
import { markersOf, wordsOf } from "./settings.ts";

const project = join(import.meta.dirname, "../..");
const out = join(project, "dist");
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(project, "package.json"), "utf8")));
const markers = markersOf(project);
const packaged = mkdtempSync(join(tmpdir(), "pull-through-release-"));
try {
  const serverless = join(project, "node_modules/serverless/bin/serverless.js");
  const words = ["package", "--package", packaged, ...wordsOf(markers)];
  execFileSync(process.execPath, [serverless, ...words], {
    cwd: project,
    stdio: "pipe",
  });
  const sbom = join(project, "sbom.cdx.json");
  const names = await writeRelease(out, { project, version, packaged, markers, sbom });
  process.stdout.write(`${names.map((name) => `dist/${name}\n`).join("")}`);
} finally {
  rmSync(packaged, { recursive: true });
}
