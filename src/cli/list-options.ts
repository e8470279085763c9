import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type * as z from "zod";
import { locationProblem } from "../location.ts";

/** Reads one value, which must satisfy `schema`. */
export function oneOf(schema: z.ZodType<string>) {
  return (text: string): string => {
    const parsed = schema.safeParse(text.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`"${text}" ${parsed.error.issues[0]?.message ?? "is not allowed"}.`);
  };
}

/** Reads `A,B,C`; each part must satisfy `schema`. */
export function listOf(schema: z.ZodType<string>) {
  const read = oneOf(schema);
  return (text: string): readonly string[] => text.split(",").map(read);
}

/** Takes any text but none: an unset variable in a script must not quietly mean the default. */
export function notEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** Names the store that a command reads. */
export function storeOption() {
  return new Option(
    "--store <place>",
    "the store: a folder or s3://bucket/prefix (default: AUDIT_STORE)",
  ).argParser(place);
}

/** Takes a path or a place in S3, and no address with another scheme. */
export function place(text: string): string {
  const problem = locationProblem(notEmpty(text));
  if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}

/** Adds one more value of a repeatable option to those before. */
export function repeatable(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
