/** Writes the README's table of checks. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "../src/checks/index.ts";
import { withChecks } from "./readme-checks.ts";

const file = join(import.meta.dirname, "../README.md");
writeFileSync(file, withChecks(readFileSync(file, "utf8"), checks));
