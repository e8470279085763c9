import { describe, expect, it } from "vitest";
import type { Check, Judgement } from "../../src/checks/define-check.ts";
import { unreadable, unreadableReasonSchema } from "../../src/model/evidence.ts";
import { type RegistrySnapshot, snapshotSchema } from "../../src/model/snapshot.ts";
import type { Policy } from "../../src/policy/schema.ts";
import { aPolicy, aSnapshot, NOW } from "./builders.ts";

/** The groups of a table, and the status that every judgement in a group's cases must have. */
const statusOf = {
  passes: "PASS",
  fails: "FAIL",
  cannotTell: "UNKNOWN",
  doesNotApply: "NOT_APPLICABLE",
} as const satisfies Record<string, Judgement["status"]>;

type GroupName = keyof typeof statusOf;
const groupNames: readonly GroupName[] = ["passes", "fails", "cannotTell", "doesNotApply"];

/** A registry and a policy to judge it by. */
export type CheckCase = {
  readonly name: string;
  readonly registry: RegistrySnapshot;
  /** Default: a policy that allows every upstream and otherwise leaves everything to the defaults. */
  readonly policy?: Policy;
  /** The prefixes that the audit is narrowed to. Default: every rule is judged. */
  readonly judging?: readonly string[];
};

/** What one judgement must say, apart from its words. */
export type Expected = {
  readonly kind: string;
  readonly prefix: string | null;
  /** Default: none. */
  readonly subject?: string;
  readonly data: Record<string, unknown>;
};

/** A case with what each of its judgements must say, in order. */
export type TellingCase = CheckCase & { readonly says: readonly Expected[] };

/** A case in which the check may also have nothing to judge, which must be said. */
export type InapplicableCase = CheckCase & { readonly says: "nothing" | readonly Expected[] };

/** The cases of one answer, or the reason why the check never gives it. */
export type Group<Case> = readonly Case[] | { readonly never: string };

/** What a check must say, answer by answer; none may be left out. */
export type CheckTable = {
  /** The check's words: some case must be about each kind that has words. */
  readonly text: { readonly kinds: object };
  /** Cases in which every judgement passes. */
  readonly passes: Group<CheckCase>;
  readonly fails: Group<TellingCase>;
  /** Apart from rules that could not be listed: every check is tried on those. */
  readonly cannotTell: Group<TellingCase>;
  readonly doesNotApply: Group<InapplicableCase>;
};

/** One case, with the status that each of its judgements must have. */
export type Trial = CheckCase & {
  readonly status: Judgement["status"];
  readonly says: "nothing" | "passes" | readonly Expected[];
};

/**
 * Tries a check on a table of registries, and on registries whose rules could not be read.
 *
 * @throws Error at once, when the table is no full test of a check
 */
export function testCheck(check: Check, table: CheckTable): void {
  const problems = tableProblems(table);
  if (problems.length > 0) throw new Error([`The table of ${check.id}:`, ...problems].join("\n  "));
  const groups = groupNames.map((name) => [name, trialsOf(table, name)] as const);
  const tried = groups.filter(([, trials]) => trials.length > 0);
  describe.each([...tried, ["rules that could not be listed", unreadTrials] as const])(
    "%s",
    (_name, trials) => {
      it.each(trials)("$name", (trial) => tryOn(check, trial));
    },
  );
}

/** What keeps a table from being a full test of a check. */
export function tableProblems(table: Partial<CheckTable> & Pick<CheckTable, "text">): readonly string[] {
  const trials = groupNames.flatMap((name) => trialsOf(table, name));
  const kinds = trials.flatMap(({ says }) => (typeof says === "string" ? [] : says.map(({ kind }) => kind)));
  return [
    ...groupNames.filter((name) => isMissing(table[name])).map((name) => `lacks the group ${name}`),
    ...duplicatesIn(trials.map(({ name }) => name)).map((name) => `has two cases called ${name}`),
    ...duplicatesIn(trials.map(inputOf)).map((input) => `has two cases with the same input: ${input}`),
    ...Object.keys(table.text.kinds)
      .filter((kind) => !kinds.includes(kind))
      .map((kind) => `has no case of the kind ${kind}`),
  ];
}

/** Tries a check on one case. */
export function tryOn(check: Check, { registry, policy = aPolicy(), judging, status, says }: Trial): void {
  expect(snapshotSchema.parse(registry)).toEqual(registry);
  const judgements = check.judge({
    registry: deepFreeze(registry),
    policy: deepFreeze(policy),
    now: NOW,
    inScope: (prefix) => judging?.includes(prefix) ?? true,
  });
  if (says === "nothing") {
    expect(judgements).toEqual([]);
    return;
  }
  expect(judgements).not.toEqual([]);
  expect(judgements.map((judgement) => judgement.status)).toEqual(judgements.map(() => status));
  expect(judgements.map(gistOf)).toEqual(says === "passes" ? judgements.map(passing) : says.map(withSubject));
  expect(duplicatesIn(judgements.map(({ prefix, subject }) => JSON.stringify([prefix, subject])))).toEqual(
    [],
  );
  for (const judgement of judgements) expectWords(judgement);
}

/** One trial for each reason: what could not be read is neither right nor wrong, and no check may guess. */
const unreadTrials: readonly Trial[] = unreadableReasonSchema.options.map((reason) => {
  const evidence = { reason, operation: "ecr:DescribePullThroughCacheRules", detail: "as AWS said it" };
  return {
    name: reason,
    registry: aSnapshot({ rules: unreadable(reason, evidence.operation, evidence.detail) }),
    status: "UNKNOWN",
    says: [{ kind: "evidence-unreadable", prefix: null, data: evidence }],
  };
});

function trialsOf(table: Partial<CheckTable>, name: GroupName): readonly Trial[] {
  const group = table[name];
  if (group === undefined || "never" in group) return [];
  return group.map((entry) => ({ says: "passes", ...entry, status: statusOf[name] }));
}

function isMissing(group: Group<CheckCase> | undefined): boolean {
  if (group === undefined) return true;
  return "never" in group ? group.never.trim() === "" : group.length === 0;
}

function inputOf({ registry, policy = aPolicy(), judging }: Trial): string {
  return JSON.stringify({ registry, policy, judging });
}

function duplicatesIn(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) < index);
}

function gistOf({ kind, prefix, subject, data }: Judgement): Required<Expected> {
  return { kind, prefix, subject, data };
}

function withSubject(expected: Expected): Required<Expected> {
  return { subject: "", ...expected };
}

function passing({ prefix }: Judgement): Required<Expected> {
  return { kind: "passes", prefix, subject: "", data: {} };
}

/** Words that tell of a value nobody thought of. */
const slips = /undefined|null|NaN|\[object/;

function expectWords(judgement: Judgement): void {
  for (const words of Object.values(judgement.prose())) {
    expect(words).toMatch(/\S/);
    expect(words).not.toMatch(slips);
  }
}

/** Freezes all of `value`, so that a change to it throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
