/** Writes the import boundaries into `biome.json` and `docs/architecture.md`. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from "node:fs";
import { packageFile } from "../src/package-file.ts";
import { withBoundaries, withFolders } from "./import-boundaries.ts";

for (const [name, written] of [
  ["biome.json", withBoundaries],
  ["docs/architecture.md", withFolders],
] as const) {
  const file = packageFile(name);
  writeFileSync(file, written(readFileSync(file, "utf8")));
}
