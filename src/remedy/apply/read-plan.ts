import * as z from "zod";
import { digestOf } from "../../model/digest.ts";
import { type RemedyPlan, remedyPlanSchema } from "../../model/remedy-plan.ts";
import { parseJson, parseStrictly } from "../../policy/json-file.ts";
import { ConfigurationError, jsonPath, type Problem } from "../../policy/problem.ts";
import { fingerprintOf, ruleText } from "../fingerprint.ts";
import type { JournalEntry } from "./journal.ts";

/** A plan and the digest of the text it was read from. */
export type LoadedPlan = { readonly plan: RemedyPlan; readonly digest: string };

/**
 * Reads a plan from the text of its file.
 *
 * @throws ConfigurationError with every problem at once, also when its changes do not fit its rules
 */
export function readPlan(text: string, source: string): LoadedPlan {
  const plan = parseStrictly(remedyPlanSchema, parseJson(text, source), source);
  const problems = plan.registries.flatMap((registry, index): readonly Problem[] => {
    const keys = ["registries", index];
    const known = new Set(registry.rules.map(ruleText));
    const strangers = registry.changes.flatMap(({ before }, position) =>
      before === null || known.has(ruleText(before))
        ? []
        : [
            {
              path: jsonPath([...keys, "changes", position, "before"]),
              message: "is none of the registry's rules",
            },
          ],
    );
    if (fingerprintOf(registry.rules) === registry.fingerprint) return strangers;
    return [
      { path: jsonPath([...keys, "fingerprint"]), message: "is not that of the registry's rules" },
      ...strangers,
    ];
  });
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  return { plan, digest: digestOf(text) };
}

const entrySchema = z.strictObject({
  plan: z.string(),
  at: z.string(),
  account: z.string(),
  region: z.string(),
  step: z.int().nonnegative(),
  event: z.enum(["begun", "applied", "unconfirmed", "undone", "failed"]),
  detail: z.string().nullable(),
});

/**
 * The entries of a plan's journal.
 *
 * @throws ConfigurationError when it is no journal, or another plan's
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
    { path: "$", message: "is the journal of another plan: name another file with --journal" },
  ]);
}
