import * as z from "zod";
import { duplicateKeys } from "../core/duplicate-keys.ts";
import { parseJson, parseStrictly } from "../core/json-file.ts";
import { ConfigurationError, jsonPath, type Problem } from "../core/problem.ts";
import { statusSchema } from "../schemas/finding.ts";
import { registryUnderTestSchema } from "./registry.ts";

const prefixDescription =
  "The prefix of a rule or of a missing required rule; empty: the registry as a whole.";
const prefixSchema = z.string().describe(prefixDescription);
const checkIdSchema = z.string().min(1).describe("The id of a check, including custom checks.");

/** The schema of {@link PolicyTestCase}. */
const caseSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^\P{C}+$/u, "must not have control characters or other invisible ones")
      .describe("What the case shows, for people."),
    now: z
      .union([z.iso.date(), z.iso.datetime()], { error: "must be a date or a time, such as 2026-12-01" })
      .optional()
      .describe("The time of the evaluation, such as 2026-12-01 or 2026-12-01T09:00:00Z. Default: now."),
    registry: registryUnderTestSchema,
    expect: z
      .record(prefixSchema, z.record(checkIdSchema, statusSchema))
      .optional()
      .describe(
        "The expected result, by prefix and check. Checks that are not listed may return any result.",
      ),
    failing: z
      .record(prefixSchema, z.array(checkIdSchema).min(1).readonly())
      .optional()
      .describe("The checks that must fail, by prefix. No other check may fail. Empty: nothing may fail."),
  })
  .refine(({ expect, failing }) => expect !== undefined || failing !== undefined, {
    error: 'expects nothing: give it "expect" or "failing"',
  });

/** One registry and the expected results. */
export type PolicyTestCase = Readonly<z.infer<typeof caseSchema>>;

/** The schema of {@link PolicyTest}; published as `policies/policy-test.schema.json`. */
export const policyTestSchema = z
  .strictObject({
    $schema: z.string().optional().describe("The published schema, which lets editors complete keys."),
    policy: z
      .string()
      .min(1)
      .describe("The policy to test: a path relative to this file's folder, or s3://bucket/key."),
    cases: z.array(caseSchema).min(1).readonly().describe("The cases. Their names must be unique."),
  })
  .superRefine(({ cases }, context) => {
    const names = cases.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const message = "is already the name of an earlier case";
      context.addIssue({ code: "custom", path: ["cases", index, "name"], message });
    }
  })
  .meta({
    title: "pull-through-auditor policy test",
    description: "Registries and the results that a policy must produce for them.",
  });

/** A file of cases for `policy test`. */
export type PolicyTest = Readonly<z.infer<typeof policyTestSchema>>;

/** Parses a file of cases. @throws ConfigurationError with every problem at once */
export function readPolicyTest(text: string, source: string): PolicyTest {
  const value = parseJson(text, source);
  const repeated = duplicateKeys(text);
  if (repeated.length > 0) throw new ConfigurationError(source, repeated);
  return parseStrictly(policyTestSchema, value, source);
}

/**
 * Rejects cases with expectations for checks that the policy does not have: they would always fail, or they would pass
 * because of a typo.
 *
 * @throws ConfigurationError with every problem at once
 */
export function refuseUnknownChecks(
  { cases }: PolicyTest,
  source: string,
  checkIds: readonly string[],
): void {
  const problems = cases.flatMap((testCase, index) =>
    checksNamedBy(testCase)
      .filter(({ check }) => !checkIds.includes(check))
      .map(({ keys }): Problem => {
        const message = `is not the id of a check; the checks are ${checkIds.join(", ")}`;
        return { path: jsonPath(["cases", index, ...keys]), message };
      }),
  );
  if (problems.length > 0) throw new ConfigurationError(source, problems);
}

type NamedCheck = { readonly check: string; readonly keys: readonly PropertyKey[] };

function checksNamedBy({ expect = {}, failing = {} }: PolicyTestCase): readonly NamedCheck[] {
  return [
    ...Object.entries(expect).flatMap(([prefix, answers]) =>
      Object.keys(answers).map((check) => ({ check, keys: ["expect", prefix, check] })),
    ),
    ...Object.entries(failing).flatMap(([prefix, checks]) =>
      checks.map((check, index) => ({ check, keys: ["failing", prefix, index] })),
    ),
  ];
}
