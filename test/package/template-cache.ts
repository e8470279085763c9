import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(tmpdir(), "pull-through-auditor-templates");

/**
 * Packages a template once for all test files that ask for it: Serverless takes seconds to start. It is packaged anew
 * whenever anything that it is made of has changed.
 */
export async function packagedOnce(
  words: readonly string[],
  packageIt: () => Promise<unknown>,
): Promise<unknown> {
  const file = join(folder, `${await keyOf(words)}.json`);
  const known = await readFile(file, "utf8").catch(() => null);
  if (known !== null) return JSON.parse(known);
  const template = await packageIt();
  await mkdir(folder, { recursive: true });
  // Others may read it at any time: it is there wholly or not at all.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(template));
  await rename(draft, file);
  return template;
}

async function keyOf(words: readonly string[]): Promise<string> {
  const parts = (await readdir(join(project, "serverless"))).sort().map((name) => join("serverless", name));
  const files = ["package.json", "serverless.yml", ...parts];
  const contents = await Promise.all(files.map((name) => readFile(join(project, name), "utf8")));
  return createHash("sha256")
    .update(JSON.stringify([words, files, contents]))
    .digest("hex");
}
