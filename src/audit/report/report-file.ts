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
export function parseReport(text: string, place: string): Report {
  return parseKept(reportSchema, text, place);
}

/** Reads the text of a file that a store keeps. @throws StoreError when it is not as `schema` has it */
export function parseKept<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  place: string,
): z.infer<Schema> {
  try {
    return parseStrictly(schema, parseJson(text, place), place);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const problems = problemLines(error.problems);
    throw new StoreError(`${place} can not be used: it is damaged, or of another version.\n${problems}`);
  }
}
