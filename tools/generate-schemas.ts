/** Writes the published schemas, formatted as the linter requires. Run by `npm run generate`. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedSchemas } from "./published-schemas.ts";

const root = join(import.meta.dirname, "..");
for (const [file, schema] of Object.entries(publishedSchemas)) {
  writeFileSync(join(root, file), JSON.stringify(schema, null, 2));
}
const biome = join(root, "tools/quality/node_modules/.bin/biome");
execFileSync(biome, ["format", "--write", ...Object.keys(publishedSchemas)], { cwd: root });
