import * as z from "zod";

const count = z.int().nonnegative();

/** The schema of {@link StoreProblem}. */
export const storeProblemSchema = z.strictObject({
  kind: z.enum(["missing", "altered", "out-of-order"]),
  path: z.string().describe("The file, from the root of the store."),
  day: z.string().nullable().describe("The day of the audit, UTC; null for state.json and latest.json."),
  detail: z.string(),
});

/** A stored file that is not as the auditor wrote it. */
export type StoreProblem = Readonly<z.infer<typeof storeProblemSchema>>;

/** The schema of {@link Verification}. */
export const verificationSchema = z.strictObject({
  store: z.string(),
  reports: count.describe("The stored reports that were read."),
  chained: count.describe("Those of them that name the report before them."),
  begins: z.string().nullable().describe("The day of the first report of the chain; null without a chain."),
  ends: z.string().nullable().describe("The day of the last one."),
  problems: z.array(storeProblemSchema).readonly(),
  brokenFrom: z
    .string()
    .nullable()
    .describe("The day of the first problem with a day; null if there is none."),
  beforeChain: z
    .array(z.string())
    .readonly()
    .describe("Reports without a chain, of older versions. Nothing says whether they are unaltered."),
  unnamed: z
    .array(z.string())
    .readonly()
    .describe(
      "Reports that nothing names yet: their audit is running, or ended before it wrote the state, or somebody placed them there.",
    ),
  cutOff: z
    .array(z.string())
    .readonly()
    .describe(
      "Reports that no unaltered file names, in a store where a file that may have named them is missing, altered or cannot be read. Nothing says whether they, and the reports before them, are unaltered.",
    ),
});

/** What is known about the stored reports: whether they are whole, unaltered and in order. */
export type Verification = Readonly<z.infer<typeof verificationSchema>>;
