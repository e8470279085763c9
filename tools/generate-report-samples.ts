/** Writes the samples of the formats into `docs/reports.md`. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleReport } from "../test/docs/sample-report.ts";
import { withSamples } from "./report-samples.ts";

const file = join(import.meta.dirname, "../docs/reports.md");
writeFileSync(file, await withSamples(readFileSync(file, "utf8"), sampleReport));
