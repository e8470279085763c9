import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { documentOf } from "./document.ts";
import { parts } from "./parts/index.ts";
import { type Section, tableOf } from "./table.ts";

/**
 * Runs all parts or the named ones, and prints one table. `--write` stores it in docs/performance.md; `--shrink 10`
 * divides all sizes by ten, for a quick look.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false }, shrink: { type: "string", default: "1" } },
});
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
const shrinkBy = Number(values.shrink);

if (unknown.length > 0 || !(shrinkBy >= 1)) {
  console.error(
    `Usage: npm run bench -- [--write] [--shrink N] [PART…], of ${parts.map(({ name }) => name).join(", ")}`,
  );
  process.exitCode = 64;
} else {
  const asked = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const sections: Section[] = [];
  for (const { name, title, run } of asked) {
    console.error(`Measuring ${name} …`);
    sections.push({ title, rows: await run({ shrinkBy }) });
  }
  const table = tableOf(sections);
  console.log(table);
  if (values.write) {
    const file = new URL("../docs/performance.md", import.meta.url);
    await writeFile(file, documentOf(await readFile(file, "utf8"), table, new Date()));
  }
}
