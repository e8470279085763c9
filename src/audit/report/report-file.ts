import type * as z from "zod";
import { parseJson, parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError } from "../../core/problem.ts";
import { type Report, reportSchema } from "../../schemas/report.ts";
import { StoreError } from "../ports.ts";
import { problemLines } from "../state/state-file.ts";

/**
 * Parses the text of a report.
 *
 * @param location where it is stored, for errors
 * @throws StoreError if it is not a report of this version
 */
export function parseReport(text: string, location: string): Report {
  return parseStored(reportSchema, text, location);
}

/** Parses the text of a stored file. @throws StoreError if it does not match `schema` */
export function parseStored<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  location: string,
): z.infer<Schema> {
  try {
    return parseStrictly(schema, parseJson(text, location), location);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const problems = problemLines(error.problems);
    throw new StoreError(`${location} cannot be used: it is damaged, or has another version.\n${problems}`);
  }
}
