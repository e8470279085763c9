import type * as z from "zod";
import type { PolicyTestCase, policyTestSchema } from "../../src/policy-test/schema.ts";
import { readPolicyTest } from "../../src/policy-test/schema.ts";

/** A file of cases as people write it. */
export type PolicyTestFile = z.input<typeof policyTestSchema>;
/** A case as people write it. */
export type CaseFile = PolicyTestFile["cases"][number];
/** A registry as people write it. */
export type RegistryFile = CaseFile["registry"];

/** The secret of {@link aRegistryFile}'s rule. */
export const SECRET =
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf";

/** A registry with a rule for Docker Hub. */
export function aRegistryFile(overrides: Partial<RegistryFile> = {}): RegistryFile {
  return {
    account: "111122223333",
    region: "eu-west-1",
    rules: [{ ecrRepositoryPrefix: "docker-hub", upstreamRegistry: "docker-hub", credentialArn: SECRET }],
    ...overrides,
  };
}

/** A case in which nothing may fail. */
export function aCaseFile(overrides: Partial<CaseFile> = {}): CaseFile {
  return { name: "all is well", registry: aRegistryFile(), failing: {}, ...overrides };
}

/** A file with one case. */
export function aPolicyTestFile(overrides: Partial<PolicyTestFile> = {}): PolicyTestFile {
  return { policy: "policy.json", cases: [aCaseFile()], ...overrides };
}

/** A case as it is run: checked, with its defaults filled in. */
export function aCase(overrides: Partial<CaseFile> = {}): PolicyTestCase {
  const file = aPolicyTestFile({ cases: [aCaseFile(overrides)] });
  const [testCase] = readPolicyTest(JSON.stringify(file), "the test's cases").cases;
  if (testCase === undefined) throw new Error("A file of one case has none.");
  return testCase;
}
