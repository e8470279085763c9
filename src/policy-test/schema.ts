import * as z from "zod";
import { duplicateKeys } from "../core/duplicate-keys.ts";
import { parseJson, parseStrictly } from "../core/json-file.ts";
import { ConfigurationError, jsonPath, type Problem } from "../core/problem.ts";
import { statusSchema } from "../schemas/finding.ts";
import { registryUnderTestSchema } from "./registry.ts";

const prefixDescription = "A rule's prefix; of a missing rule, the prefix required; empty: the registry.";
const prefixSchema = z.string().describe(prefixDescription);
const checkIdSchema = z.string().min(1).describe("The id of a check, one of the policy's own included.");

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
      .union([z.iso.date(), z.iso.datetime()], { error: "must be a day or a time, such as 2026-12-01" })
      .optional()
      .describe("When the registry is judged, as 2026-12-01 or 2026-12-01T09:00:00Z. Default: now."),
    registry: registryUnderTestSchema,
    expect: z
      .record(prefixSchema, z.record(checkIdSchema, statusSchema))
      .optional()
      .describe("By prefix and check, the answer that is expected; checks not named may answer anything."),
    failing: z
      .record(prefixSchema, z.array(checkIdSchema).min(1).readonly())
      .optional()
      .describe("By prefix, the checks that must fail; nothing else may. Empty: nothing may fail."),
  })
  .refine(({ expect, failing }) => expect !== undefined || failing !== undefined, {
    error: 'expects nothing: give it "expect" or "failing"',
  });

/** One registry, and what a policy must say of it. */
export type PolicyTestCase = Readonly<z.infer<typeof caseSchema>>;

/** The schema of {@link PolicyTest}; published as `policies/policy-test.schema.json`. */
export const policyTestSchema = z
  .strictObject({
    $schema: z.string().optional().describe("The published schema, for completion in editors."),
    policy: z
      .string()
      .min(1)
      .describe("The policy that is tested: a path from this file's folder, or s3://bucket/key."),
    cases: z.array(caseSchema).min(1).readonly().describe("The cases; each has a name of its own."),
  })
  .superRefine(({ cases }, context) => {
    const names = cases.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const message = "is the name of a case before it too";
      context.addIssue({ code: "custom", path: ["cases", index, "name"], message });
    }
  })
  .meta({
    title: "pull-through-auditor policy test",
    description: "Registries, and what a policy must say of each.",
  });

/** A file of cases for `policy test`. */
export type PolicyTest = Readonly<z.infer<typeof policyTestSchema>>;

/** Reads a file of cases from its text. @throws ConfigurationError with every problem at once */
export function readPolicyTest(text: string, source: string): PolicyTest {
  const value = parseJson(text, source);
  const repeated = duplicateKeys(text);
  if (repeated.length > 0) throw new ConfigurationError(source, repeated);
  return parseStrictly(policyTestSchema, value, source);
}

/**
 * Refuses cases that expect something of checks which the policy does not have: they could not but fail, or
 * worse, they would hold because of a typing error.
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
