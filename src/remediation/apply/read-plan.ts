import * as z from "zod";
import { digestOf } from "../../core/ids.ts";
import { parseJson, parseStrictly } from "../../core/json-file.ts";
import { ConfigurationError } from "../../core/problem.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import { type RemediationPlan, remediationPlanSchema } from "../../schemas/remediation-plan.ts";
import { contradictionsIn } from "./contradictions.ts";
import type { JournalEntry } from "./journal.ts";

/** A plan and the digest of the text it was read from. */
export type LoadedPlan = { readonly plan: RemediationPlan; readonly digest: string };

/**
 * Reads a plan from the text of its file.
 *
 * @throws ConfigurationError with every problem, including descriptions that do not match the contents
 */
export function readPlan(text: string, source: string): LoadedPlan {
  const plan = parseStrictly(remediationPlanSchema, parseJson(text, source), source);
  const problems = contradictionsIn(plan);
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  return { plan, digest: digestOf(text) };
}

const entrySchema = z.strictObject({
  plan: z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be the digest of a plan"),
  at: z.iso.datetime({ error: "must be a time such as 2026-11-20T02:00:00.000Z" }),
  account: accountIdSchema,
  region: regionSchema,
  step: z.int().nonnegative(),
  event: z.enum(["begun", "applied", "unconfirmed", "undone", "failed"]),
  detail: z.string().nullable(),
});

/**
 * The entries of a plan's journal.
 *
 * @throws ConfigurationError if it is not a journal or belongs to another plan
 */
export function readHistory(
  lines: readonly unknown[],
  digest: string,
  source: string,
): readonly JournalEntry[] {
  const entries = parseStrictly(z.array(entrySchema), lines, source);
  const foreign = entries.find(({ plan }) => plan !== digest);
  if (foreign === undefined) return entries;
  throw new ConfigurationError(source, [
    { path: "$", message: "is the journal of another plan: choose another file with --journal" },
  ]);
}
