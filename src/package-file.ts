import { fileURLToPath } from "node:url";

/** The path of a file that comes with the package: one folder up from the sources and from every bundle. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
