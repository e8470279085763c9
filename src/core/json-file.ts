import type * as z from "zod";
import { didYouMean } from "./closest.ts";
import { isNestedTooDeeply, nestedTooDeeply } from "./nesting.ts";
import { ConfigurationError, jsonPath, type Problem } from "./problem.ts";
import { keysKnownAt } from "./schema-keys.ts";

/** Parses JSON. @throws ConfigurationError if the text is not valid JSON, or is nested too deeply */
export function parseJson(text: string, source: string): unknown {
  if (/^\uFEFF?\s*$/.test(text))
    throw new ConfigurationError(source, [{ path: "$", message: "is not JSON: it is empty" }]);
  if (isNestedTooDeeply(text))
    throw new ConfigurationError(source, [{ path: "$", message: nestedTooDeeply }]);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(source, [{ path: "$", message: `is not JSON: ${message}` }]);
  }
}

/** Parses `value` with `schema`. @throws ConfigurationError with every problem at once */
export function parseStrictly<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(source, problemsWith(schema, parsed.error.issues));
}

/** Converts the issues of a value into problems. Each unknown key is a separate problem. */
export function problemsWith(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ path: jsonPath(issue.path), message: sentenceOf(issue) }];
    }
    const known = keysKnownAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path: jsonPath([...issue.path, key]),
      message: `is not a known key${didYouMean(key, known)}`,
    }));
  });
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `is missing (${issue.expected})`
        : `must be of type ${issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}${meantValue(issue)}`;
    case "too_small":
      return `must ${boundOf(issue.origin)} at least ${issue.minimum}`;
    case "too_big":
      return `must ${boundOf(issue.origin)} at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function meantValue({ input, values }: z.core.$ZodIssueInvalidValue): string {
  if (typeof input !== "string") return "";
  return didYouMean(
    input,
    values.flatMap((value) => (typeof value === "string" ? [value] : [])),
  );
}

function boundOf(origin: string): string {
  if (origin === "string") return "have a length of";
  return origin === "array" ? "have a number of entries of" : "be";
}
