import { dirname, resolve } from "node:path";
import { checksOf } from "../checks/index.ts";
import { ConfigurationError } from "../policy/problem.ts";
import type { Policy } from "../policy/schema.ts";
import { readPolicyTest, refuseUnknownChecks } from "../policy-test/read.ts";
import type { PolicyTest } from "../policy-test/schema.ts";
import { openPolicy } from "../wire/policy.ts";
import { readInput } from "./read-input.ts";
import type { TextStream } from "./terminal.ts";

/** A file of cases, and the policy that it tests. */
export type OpenPolicyTest = { readonly file: string; readonly test: PolicyTest; readonly policy: Policy };

/**
 * Reads files of cases, each with its policy.
 *
 * @param errors told of every file that can not be used but the last, which is thrown
 * @throws ConfigurationError when a file can not be used
 */
export async function openPolicyTests(
  files: readonly string[],
  errors: TextStream,
): Promise<readonly OpenPolicyTest[]> {
  const opened: OpenPolicyTest[] = [];
  const refused: ConfigurationError[] = [];
  for (const file of files) {
    try {
      opened.push(await open(file));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      refused.push(error);
    }
  }
  const last = refused.pop();
  if (last === undefined) return opened;
  for (const { message } of refused) errors.write(`${message}\n`);
  throw last;
}

async function open(file: string): Promise<OpenPolicyTest> {
  const test = readPolicyTest(await readInput(file, "Policy test"), file);
  const { policy } = await openPolicy(beside(file, test.policy));
  const checkIds = checksOf(policy).map(({ id }) => id);
  refuseUnknownChecks(test, file, checkIds);
  return { file, test, policy };
}

function beside(file: string, location: string): string {
  return location.startsWith("s3://") ? location : resolve(dirname(file), location);
}
