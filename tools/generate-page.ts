/** Writes the page's assets, formatted as the linter requires. Run by `npm run generate`. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pageAssets } from "./page-assets.ts";

const root = join(import.meta.dirname, "..");
const files = await pageAssets();
for (const [file, content] of Object.entries(files)) {
  writeFileSync(join(root, file), JSON.stringify(content, null, 2));
}
execFileSync(
  join(root, "tools/quality/node_modules/.bin/biome"),
  ["format", "--write", ...Object.keys(files)],
  {
    cwd: root,
  },
);
