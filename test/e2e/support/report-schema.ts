import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { packageFile } from "../../../src/package-file.ts";

const published: unknown = JSON.parse(readFileSync(packageFile("policies/report.schema.json"), "utf8"));
if (typeof published !== "object" || published === null) throw new Error("The schema is no JSON object.");

const validate = new Ajv2020({ allErrors: true }).compile(published);

/** Where a report, read as JSON, breaks the published schema; nothing when it keeps to it. */
export function schemaProblems(report: unknown): readonly string[] {
  if (validate(report)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
