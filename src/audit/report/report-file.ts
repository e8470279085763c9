import type * as z from "zod";
import { parseJson, parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError } from "../../core/problem.ts";
import { type Report, reportSchema } from "../../schemas/report.ts";
import { StoreError } from "../ports.ts";
import { problemLines } from "../state/state-file.ts";

/**
 * Reads the text of a report.
 *
 * @param place where it stands, for errors
 * @throws StoreError when it is none, or of another version
 */
export function parseReport(text: string, location: string): Report {
  return parseStored(reportSchema, text, location);
}

/** Reads the text of a file that a store keeps. @throws StoreError when it is not as `schema` has it */
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
    throw new StoreError(`${location} can not be used: it is damaged, or of another version.\n${problems}`);
  }
}
