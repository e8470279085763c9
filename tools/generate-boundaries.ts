/** Writes the import boundaries into `biome.json`. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from "node:fs";
import { packageFile } from "../src/package-file.ts";
import { withBoundaries } from "./import-boundaries.ts";

const file = packageFile("biome.json");
writeFileSync(file, withBoundaries(readFileSync(file, "utf8")));
