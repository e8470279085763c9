/** Writes the README's table of checks and its excerpt of the demo. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from "node:fs";
import { checks } from "../src/checks/index.ts";
import { packageFile } from "../src/package-file.ts";
import { withChecks } from "./readme-checks.ts";
import { withDemo } from "./readme-demo.ts";

const file = packageFile("README.md");
const report = readFileSync(packageFile("test/demo.report.txt"), "utf8");
writeFileSync(file, withDemo(withChecks(readFileSync(file, "utf8"), checks), report));
