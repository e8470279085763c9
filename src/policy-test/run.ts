import { openAccumulator } from "../audit/evaluate/accumulator.ts";
import type { EvaluatedFinding } from "../audit/evaluate/collect-findings.ts";
import { wholeScope } from "../audit/plan/request.ts";
import { checksOf } from "../checks/index.ts";
import { registryKey } from "../ecr/registry.ts";
import type { Policy } from "../policy/schema.ts";
import type { Status } from "../schemas/finding.ts";
import { snapshotOf, targetOf } from "./registry.ts";
import type { PolicyTestCase } from "./schema.ts";

/** A result that differs from what a case expects. */
export type Difference = {
  /** Empty for the registry as a whole. */
  readonly prefix: string;
  readonly check: string;
  readonly expected: Status | "anything but FAIL";
  /** `null`: the check returned no result. */
  readonly got: Status | null;
  /** The message of the check; `null` if it returned no result. */
  readonly message: string | null;
};

/** The result of a case, which passes if there are no differences. */
export type CaseResult = { readonly name: string; readonly differences: readonly Difference[] };

/** Evaluates a case's registry against `policy`, at the time of the case or at `now`, and compares the results. */
export function runCase(testCase: PolicyTestCase, policy: Policy, now: Date): CaseResult {
  const at = testCase.now === undefined ? now : new Date(testCase.now);
  const answers = answersOf(findingsOn(testCase, policy, at));
  const expectations = expectationsOf(testCase);
  const unmet = expectations.flatMap((expectation) => differenceFrom(expectation, answers));
  return { name: testCase.name, differences: [...unmet, ...unforeseen(testCase, expectations, answers)] };
}

function findingsOn({ registry }: PolicyTestCase, policy: Policy, now: Date): readonly EvaluatedFinding[] {
  const target = targetOf(registry);
  const formerPrefixes = { [registryKey(target)]: registry.formerPrefixes };
  const options = { now, includePassing: true, formerPrefixes };
  const accumulator = openAccumulator(policy, checksOf(policy), wholeScope("cli"), options);
  accumulator.addSnapshot(snapshotOf(registry, now, accumulator.repositoriesFor(target)));
  return accumulator.result().findings;
}

type Question = { readonly prefix: string; readonly check: string };
type Answer = Question & { readonly status: Status; readonly message: string };
type Answers = ReadonlyMap<string, Answer>;

/** A check may return several results for one prefix: the first in this order counts. */
const byWeight: readonly Status[] = ["FAIL", "UNKNOWN", "WAIVED", "PASS", "NOT_APPLICABLE"];

function answersOf(findings: readonly EvaluatedFinding[]): Answers {
  const answers = new Map<string, Answer>();
  for (const { prefix, check, status, message } of findings) {
    const answer = { prefix: prefix ?? "", check, status, message };
    const known = answers.get(keyOf(answer));
    if (known === undefined || byWeight.indexOf(status) < byWeight.indexOf(known.status)) {
      answers.set(keyOf(answer), answer);
    }
  }
  return answers;
}

type Expectation = Question & { readonly expected: Status };

function expectationsOf({ expect = {}, failing = {} }: PolicyTestCase): readonly Expectation[] {
  return [
    ...Object.entries(expect).flatMap(([prefix, expectations]) =>
      Object.entries(expectations).map(([check, expected]) => ({ prefix, check, expected })),
    ),
    ...Object.entries(failing).flatMap(([prefix, checks]) =>
      checks.map((check) => ({ prefix, check, expected: "FAIL" as const })),
    ),
  ];
}

/** Unexpected failures: if a case has `failing`, all failures that it does not list. */
function unforeseen(
  { failing }: PolicyTestCase,
  expectations: readonly Expectation[],
  answers: Answers,
): readonly Difference[] {
  if (failing === undefined) return [];
  const foreseen = new Set(expectations.map(keyOf));
  return Array.from(answers.values())
    .filter((answer) => answer.status === "FAIL" && !foreseen.has(keyOf(answer)))
    .map(({ status, ...answer }) => ({ ...answer, expected: "anything but FAIL" as const, got: status }));
}

function differenceFrom({ prefix, check, expected }: Expectation, answers: Answers): readonly Difference[] {
  const answer = answers.get(keyOf({ prefix, check }));
  if (answer?.status === expected) return [];
  return [{ prefix, check, expected, got: answer?.status ?? null, message: answer?.message ?? null }];
}

function keyOf({ prefix, check }: Question): string {
  return `${check} ${prefix}`;
}
