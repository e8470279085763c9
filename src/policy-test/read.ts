import { duplicateKeys } from "../policy/duplicate-keys.ts";
import { parseJson, parseStrictly } from "../policy/json-file.ts";
import { ConfigurationError, jsonPath, type Problem } from "../policy/problem.ts";
import { type PolicyTest, type PolicyTestCase, policyTestSchema } from "./schema.ts";

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
