/** The tables by which checks are tested: what must be in one, and the trials that it stands for. */
import { expect } from "vitest";
import type { CheckEvaluation } from "../../src/checks/evaluation.ts";
import type { Policy } from "../../src/policy/schema.ts";

/** What one judgement must say, apart from its words. */
export type Expected = {
  readonly kind: string;
  readonly prefix: string | null;
  /** Default: none. */
  readonly subject?: string;
  readonly data: Record<string, unknown>;
};

/** A case, and what the policy is that it is judged by. */
export type Case = {
  readonly name: string;
  /** Default: the table's. */
  readonly policy?: Policy;
};

/** The cases of one answer, or the reason why the check never gives it. */
export type Group<C> = readonly C[] | { readonly never: string };

/** What a check must say of `C`, answer by answer in terms of `E`; none may be left out. */
export type Table<C extends Case, E extends Expected> = {
  /** The check's words: some case must be about each kind that has words. */
  readonly text: { readonly kinds: object };
  /**
   * A policy that demands the check, by which cases are judged that name no other. Default: one that allows
   * every upstream and otherwise leaves everything to the defaults.
   */
  readonly policy?: Policy;
  /** Cases in which every judgement passes. */
  readonly passes: Group<C>;
  /** Cases with what the check says of them. Each is tried once more with a waiver for the check. */
  readonly fails: Group<C & { readonly says: readonly E[] }>;
  /** Apart from rules that could not be listed: every check is tried on those. */
  readonly unknownCases: Group<C & { readonly says: readonly E[] }>;
  /** Cases in which the check may also have nothing to judge, which must be said. */
  readonly doesNotApply: Group<C & { readonly says: "nothing" | readonly E[] }>;
};

/** One case, with what each of its judgements must say and the status it must have. */
export type Trial<C extends Case, E extends Expected> = {
  readonly given: C;
  readonly status: CheckEvaluation["status"];
  readonly says: "nothing" | "passes" | readonly E[];
};

const groupNames = ["passes", "fails", "unknownCases", "doesNotApply"] as const;
type GroupName = (typeof groupNames)[number];

/** The trials that a table stands for, group by group. */
export function trialsOf<C extends Case, E extends Expected>({
  passes,
  fails,
  unknownCases,
  doesNotApply,
}: Pick<Table<C, E>, GroupName>): Readonly<Record<GroupName, readonly Trial<C, E>[]>> {
  return {
    passes: casesOf(passes).map((given) => ({ given, status: "PASS", says: "passes" })),
    fails: casesOf(fails).map((given) => ({ given, status: "FAIL", says: given.says })),
    unknownCases: casesOf(unknownCases).map((given) => ({ given, status: "UNKNOWN", says: given.says })),
    doesNotApply: casesOf(doesNotApply).map((given) => ({
      given,
      status: "NOT_APPLICABLE",
      says: given.says,
    })),
  };
}

function casesOf<C>(group: Group<C>): readonly C[] {
  return "never" in group ? [] : group;
}

/** What keeps a table from being a full test of any check. */
export function tableProblems<C extends Case, E extends Expected>(table: Table<C, E>): readonly string[] {
  const trials = Object.values(trialsOf(table)).flat();
  const kinds = trials.flatMap(({ says }) => (typeof says === "string" ? [] : says.map(({ kind }) => kind)));
  return [
    ...groupNames.filter((name) => isMissing(table[name])).map((name) => `lacks the group ${name}`),
    ...duplicatesIn(trials.map(({ given }) => given.name)).map((name) => `has two cases called ${name}`),
    ...duplicatesIn(trials.map(({ given }) => inputOf(given, table))).map(
      (input) => `has two cases with the same input: ${input}`,
    ),
    ...Object.keys(table.text.kinds)
      .filter((kind) => !kinds.includes(kind))
      .map((kind) => `has no case of the kind ${kind}`),
  ];
}

/** @throws Error when there are problems, so that a test file with a poor table fails as a whole */
export function refuse(subject: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error([`The table of ${subject}:`, ...problems].join("\n  "));
}

function isMissing(group: Group<unknown>): boolean {
  return "never" in group ? group.never.trim() === "" : group.length === 0;
}

function inputOf<C extends Case, E extends Expected>(given: C, table: Table<C, E>): string {
  const { policy = table.policy } = given;
  return JSON.stringify({ ...given, policy, name: undefined, says: undefined });
}

/** The texts that are there more than once. */
export function duplicatesIn(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) < index);
}

/** Words that tell of a value nobody thought of. */
const slips = /undefined|null|NaN|\[object/;

/** Expects words that say something. */
export function expectWords(prose: ReturnType<CheckEvaluation["prose"]>): void {
  for (const words of [prose.title, prose.message, prose.remediation]) {
    expect(words).toMatch(/\S/);
    expect(words).not.toMatch(slips);
  }
  expect(prose.remediation).not.toMatch(commandInASentence);
}

/** A command that a full stop follows: whoever copies it copies that too. */
const commandInASentence = /\baws [a-z-]+ [a-z-]+ [^;]*\.(\s|$)/;

/** Freezes all of `value`, so that a change to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
