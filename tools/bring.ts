import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Makes `node_modules` of a folder what its lock file says. @throws Error that says why it could not */
export type Install = (folder: string) => void;

/** After so many milliseconds the installation of another process hangs. */
const patience = 30 * 60_000;

/**
 * Installs the packages of a folder with a lock file of its own, unless just those are there. Processes that ask at
 * the same time wait for the first of them and install nothing themselves.
 *
 * @throws Error when it cannot be installed; the next call tries again
 */
export function bring(folder: string, install: Install): void {
  if (isUpToDate(folder)) return;
  using _alone = lock(join(folder, ".installing"));
  if (isUpToDate(folder)) return;
  install(folder);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  // npm empties node_modules first: an installation that broke off leaves no stamp.
  writeFileSync(stampOf(folder), wanted(folder));
}

function isUpToDate(folder: string): boolean {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted(folder);
}

function stampOf(folder: string): string {
  return join(folder, "node_modules/.installed-from");
}

/** What is installed differs by machine too: some packages hold programs for one kind of machine alone. */
function wanted(folder: string): string {
  const digest = createHash("sha256").update(readFileSync(join(folder, "package-lock.json")));
  return `${digest.digest("hex")} ${process.platform}-${process.arch}\n`;
}

/** Waits until no other process has this lock. The system releases it when its holder ends, however that happens. */
function lock(file: string): Disposable {
  const database = new DatabaseSync(file, { timeout: patience });
  database.exec("BEGIN EXCLUSIVE");
  return { [Symbol.dispose]: () => database.close() };
}
