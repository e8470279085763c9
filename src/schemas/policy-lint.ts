import * as z from "zod";

/** The schema of {@link LintLevel}. */
const lintLevelSchema = z.enum(["error", "warning"]);

/** An `error` has no effect, contradicts or cannot be read. A `warning` may be meant. */
export type LintLevel = z.infer<typeof lintLevelSchema>;

const place = z.int().positive().nullable();

/** The schema of {@link LintedProblem}. */
const lintedProblemSchema = z.strictObject({
  rule: z.string().describe("The kind of problem, such as unknown-region."),
  level: lintLevelSchema.describe("`warning` does not affect the exit code, except with --strict."),
  path: z.string().describe("The JSON path (RFC 9535) in the policy, or the file that cannot be read."),
  message: z.string().describe("The problem, as the end of a sentence that starts with the path."),
  line: place.describe("The line, from 1; null if the file is not JSON or cannot be read."),
  column: place.describe("The column in UTF-16 code units, from 1."),
});

/** A problem of a policy, and where it is. */
export type LintedProblem = Readonly<z.infer<typeof lintedProblemSchema>>;

const lintedFileSchema = z.strictObject({
  file: z.string().describe("The file as it was named; - is standard input."),
  policy: z
    .strictObject({ name: z.string(), digest: z.string() })
    .nullable()
    .describe("Null if no audit can use the file."),
  problems: z.array(lintedProblemSchema).readonly(),
});

/** The result for one policy. */
export type LintedFile = Readonly<z.infer<typeof lintedFileSchema>>;

/** The schema of {@link LintReport}. */
export const lintReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  files: z.array(lintedFileSchema).readonly().describe("In the order in which they were named."),
});

/** The result of `policy lint`. */
export type LintReport = Readonly<z.infer<typeof lintReportSchema>>;
