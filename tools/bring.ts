import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Installs a folder's `node_modules` from its lock file. @throws Error with the reason if it fails */
export type Install = (folder: string) => void;

/** After this many milliseconds, the installation of another process counts as hung. */
const patience = 30 * 60_000;

/**
 * Installs the packages of a folder with its own lock file, unless they are up to date. If several processes call this at
 * once, one installs and the others wait.
 *
 * @throws Error when it cannot be installed; the next call tries again
 */
export function bring(folder: string, install: Install): void {
  if (isUpToDate(folder)) return;
  using _alone = lock(join(folder, ".installing"));
  if (isUpToDate(folder)) return;
  install(folder);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  // npm empties node_modules first, so an interrupted installation leaves no stamp.
  writeFileSync(stampOf(folder), wanted(folder));
}

function isUpToDate(folder: string): boolean {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted(folder);
}

function stampOf(folder: string): string {
  return join(folder, "node_modules/.installed-from");
}

/** Identifies the installation. It includes the platform, because some packages contain binaries for one platform. */
function wanted(folder: string): string {
  const digest = createHash("sha256").update(readFileSync(join(folder, "package-lock.json")));
  return `${digest.digest("hex")} ${process.platform}-${process.arch}\n`;
}

/** Waits for this lock. The operating system releases it when its holder ends, even if it is killed. */
function lock(file: string): Disposable {
  const database = new DatabaseSync(file, { timeout: patience });
  database.exec("BEGIN EXCLUSIVE");
  return { [Symbol.dispose]: () => database.close() };
}
