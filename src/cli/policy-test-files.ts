import { dirname, resolve } from "node:path";
import { openPolicy } from "../app/policy.ts";
import { checksOf } from "../checks/index.ts";
import { ConfigurationError } from "../core/problem.ts";
import type { Policy } from "../policy/schema.ts";
import type { CaseResult, Difference } from "../policy-test/run.ts";
import type { PolicyTest } from "../policy-test/schema.ts";
import { readPolicyTest, refuseUnknownChecks } from "../policy-test/schema.ts";
import { inlineText, neutralLines } from "../render/escape/inline.ts";
import { wrap } from "../render/layout.ts";
import { counted } from "../render/words.ts";
import { readInput } from "./read-input.ts";
import type { TextStream } from "./terminal.ts";

/** The results of one file of test cases. */
type Tested = {
  readonly file: string;
  /** The policy's name. */
  readonly policy: string;
  readonly results: readonly CaseResult[];
};

/** Whether every case of a file passed. */
export function isMet({ results }: Tested): boolean {
  return results.every(({ differences }) => differences.length === 0);
}

/** Lists the cases of a file, each with its differences. */
export function testedText({ file, policy, results }: Tested, width: number): string {
  const lines = results.flatMap(({ name, differences }) => [
    `  ${differences.length === 0 ? "ok  " : "FAIL"}  ${inlineText(name)}`,
    ...differences.flatMap((difference) => differenceLines(difference, width)),
  ]);
  return `${[`${inlineText(file)} (${inlineText(policy)})`, ...lines].join("\n")}\n\n`;
}

/** Summarizes how many cases ran and how many of them failed. */
export function summaryOf(tested: readonly Tested[]): string {
  const results = tested.flatMap((one) => one.results);
  const unmet = results.filter(({ differences }) => differences.length > 0).length;
  return `${counted(results.length, "case")}, ${unmet === 0 ? "all as expected" : `${unmet} not as expected`}\n`;
}

function differenceLines({ prefix, check, expected, got, message }: Difference, width: number) {
  const sourceLocation = prefix === "" ? "the registry" : inlineText(prefix);
  const head = `${sourceLocation}, ${check}: expected ${expected}, got ${got ?? "no result"}`;
  return [
    ...wrap(head, { width, first: " ".repeat(8), rest: " ".repeat(10) }),
    ...(message === null
      ? []
      : wrap(inlineText(message), { width, first: " ".repeat(10), rest: " ".repeat(10) })),
  ];
}

/** A file of test cases and the policy that it tests. */
type OpenPolicyTest = { readonly file: string; readonly test: PolicyTest; readonly policy: Policy };

/**
 * Reads files of test cases, each with its policy.
 *
 * @param errors receives the message of every unusable file except the last, which is thrown
 * @throws ConfigurationError if a file cannot be used
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
  for (const { message } of refused) errors.write(`${neutralLines(message)}\n`);
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
