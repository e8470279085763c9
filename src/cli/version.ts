import { readFileSync } from "node:fs";
import { packageFile } from "../package-file.ts";

/** The version of this product. @throws Error if package.json has no version */
export function productVersion(): string {
  const description: unknown = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  if (typeof description === "object" && description !== null && "version" in description) {
    if (typeof description.version === "string") return description.version;
  }
  throw new Error("package.json names no version");
}
