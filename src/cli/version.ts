import { readFileSync } from "node:fs";
import * as z from "zod";
import { packageFile } from "../package-file.ts";

/** The version of this product. */
export function productVersion(): string {
  const description: unknown = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(description).version;
}
