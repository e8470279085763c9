import { beginAssessment } from "../audit/assess.ts";
import { wholeScope } from "../audit/request.ts";
import type { EvaluatedFinding } from "../audit/tally.ts";
import { checksOf } from "../checks/index.ts";
import type { Status } from "../model/finding.ts";
import type { Policy } from "../policy/schema.ts";
import { snapshotOf } from "./registry.ts";
import type { PolicyTestCase } from "./schema.ts";

/** One thing that a policy says otherwise than a case expects. */
export type Difference = {
  /** Empty for the registry as a whole. */
  readonly prefix: string;
  readonly check: string;
  readonly expected: Status | "anything but FAIL";
  /** `null`: the check did not answer. */
  readonly got: Status | null;
  /** What the check said, where it answered. */
  readonly message: string | null;
};

/** What became of a case: it holds when nothing differs. */
export type CaseResult = { readonly name: string; readonly differences: readonly Difference[] };

/** Judges a case's registry by `policy`, at the case's own time or else at `now`, and compares. */
export function runCase(testCase: PolicyTestCase, policy: Policy, now: Date): CaseResult {
  const at = testCase.now === undefined ? now : new Date(testCase.now);
  const answers = answersOf(findingsOn(testCase, policy, at));
  const unmet = unmetAnswers(testCase, answers);
  const told = new Set(unmet.map(keyOf));
  const failures = unmetFailures(testCase, answers).filter((failure) => !told.has(keyOf(failure)));
  return { name: testCase.name, differences: [...unmet, ...failures] };
}

function findingsOn({ registry }: PolicyTestCase, policy: Policy, now: Date): readonly EvaluatedFinding[] {
  const options = { now, includePassing: true };
  const assessor = beginAssessment(policy, checksOf(policy), wholeScope("cli"), options);
  assessor.addSnapshot(snapshotOf(registry, now));
  return assessor.result().findings;
}

type Question = { readonly prefix: string; readonly check: string };
type Answer = Question & { readonly status: Status; readonly message: string };
type Answers = ReadonlyMap<string, Answer>;

/** A check may answer several times about one prefix: what weighs most counts. */
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

function unmetAnswers({ expect = {} }: PolicyTestCase, answers: Answers): readonly Difference[] {
  return Object.entries(expect).flatMap(([prefix, expectations]) =>
    Object.entries(expectations).flatMap(([check, expected]) =>
      differenceFrom(expected, { prefix, check }, answers),
    ),
  );
}

function unmetFailures({ failing }: PolicyTestCase, answers: Answers): readonly Difference[] {
  if (failing === undefined) return [];
  const wanted = Object.entries(failing).flatMap(([prefix, checks]) =>
    checks.map((check) => ({ prefix, check })),
  );
  const wantedKeys = new Set(wanted.map(keyOf));
  const unwanted = [...answers.values()].filter(
    (answer) => answer.status === "FAIL" && !wantedKeys.has(keyOf(answer)),
  );
  return [
    ...wanted.flatMap((question) => differenceFrom("FAIL", question, answers)),
    ...unwanted.map(({ status, ...answer }) => ({
      ...answer,
      expected: "anything but FAIL" as const,
      got: status,
    })),
  ];
}

function differenceFrom(
  expected: Status,
  { prefix, check }: Question,
  answers: Answers,
): readonly Difference[] {
  const answer = answers.get(keyOf({ prefix, check }));
  if (answer?.status === expected) return [];
  return [{ prefix, check, expected, got: answer?.status ?? null, message: answer?.message ?? null }];
}

function keyOf({ prefix, check }: Question): string {
  return `${check} ${prefix}`;
}
