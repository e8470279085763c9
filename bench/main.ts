import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { messageOf } from "../src/core/errors.ts";
import { documentOf } from "./document.ts";
import { parts } from "./parts/index.ts";
import type { Part, Row } from "./row.ts";
import { type Section, tableOf } from "./table.ts";

/**
 * Runs all parts or the named ones, and prints a table after each. `--write` stores them as one in docs/performance.md;
 * `--shrink 10` divides all sizes by ten, for a quick look; `--busy` keeps one core busy meanwhile.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    shrink: { type: "string", default: "1" },
    busy: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
const shrinkBy = Number(values.shrink);

if (unknown.length > 0 || !(shrinkBy >= 1)) {
  console.error(
    `Usage: npm run bench -- [--write] [--shrink N] [--busy] [PART…], of ${parts.map(({ name }) => name).join(", ")}`,
  );
  process.exitCode = 64;
} else {
  const asked = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const sections: Section[] = [];
  const load = values.busy ? spawn(process.execPath, ["--eval", "for (;;);"]) : null;
  for (const part of asked) {
    console.error(`Measuring ${part.name} …`);
    const section = { title: part.title, rows: await rowsOf(part) };
    console.log(tableOf([section]));
    sections.push(section);
  }
  load?.kill();
  if (values.write) {
    const file = new URL("../docs/performance.md", import.meta.url);
    await writeFile(file, documentOf(await readFile(file, "utf8"), tableOf(sections), new Date()));
  }
}

/** The rows of a part. One that fails does not lose the rows of the others. */
async function rowsOf({ name, run }: Part): Promise<readonly Row[]> {
  try {
    return await run({ shrinkBy });
  } catch (error) {
    return [
      { what: `all of ${name}`, measured: messageOf(error), target: { words: "measured", isMet: false } },
    ];
  }
}
