/** The tables for testing checks: what a table must contain, and the trials that result from it. */
import { expect } from "vitest";
import type { CheckEvaluation } from "../../src/checks/evaluation.ts";
import type { Policy } from "../../src/policy/schema.ts";

/** The expected result of a check, apart from its texts. */
export type Expected = {
  readonly kind: string;
  readonly prefix: string | null;
  /** Default: none. */
  readonly subject?: string;
  readonly data: Record<string, unknown>;
};

/** A case and the policy that it is evaluated by. */
export type Case = {
  readonly name: string;
  /** Default: the table's. */
  readonly policy?: Policy;
};

/** The cases of one status, or the reason why the check never returns it. */
export type Group<C> = readonly C[] | { readonly never: string };

/** The expected results `E` of a check for cases `C`, by status. No status may be left out. */
export type Table<C extends Case, E extends Expected> = {
  /** The check's texts: there must be a case for each kind with a text. */
  readonly text: { readonly kinds: object };
  /**
   * The policy of cases without their own, which must require the check. Default: one that allows every upstream and
   * uses the defaults otherwise.
   */
  readonly policy?: Policy;
  /** Cases in which every result passes. */
  readonly passes: Group<C>;
  /** Failing cases with the expected results. Each is tried again with a waiver for the check. */
  readonly fails: Group<C & { readonly says: readonly E[] }>;
  /** Cases besides rules that could not be listed, on which every check is tried. */
  readonly unknownCases: Group<C & { readonly says: readonly E[] }>;
  /** Cases in which the check may also have nothing to evaluate, which it must report. */
  readonly doesNotApply: Group<C & { readonly says: "nothing" | readonly E[] }>;
};

/** One case, with its expected results and their status. */
export type Trial<C extends Case, E extends Expected> = {
  readonly given: C;
  readonly status: CheckEvaluation["status"];
  readonly says: "nothing" | "passes" | readonly E[];
};

const groupNames = ["passes", "fails", "unknownCases", "doesNotApply"] as const;
type GroupName = (typeof groupNames)[number];

/** The trials of a table, by group. */
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

/** Why a table is not a complete test of a check. */
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

/** @throws Error if there are problems, so that a test file with an incomplete table fails as a whole */
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

/** The texts that occur more than once. */
export function duplicatesIn(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) < index);
}

/** Texts that reveal an unexpected value. */
const slips = /undefined|null|NaN|\[object/;

/** Expects texts that are not empty and contain no unexpected values. */
export function expectWords(prose: ReturnType<CheckEvaluation["prose"]>): void {
  for (const words of [prose.title, prose.message, prose.remediation]) {
    expect(words).toMatch(/\S/);
    expect(words).not.toMatch(slips);
  }
  expect(prose.remediation).not.toMatch(commandInASentence);
}

/** A command followed by a full stop, which would be copied with it. */
const commandInASentence = /\baws [a-z-]+ [a-z-]+ [^;]*\.(\s|$)/;

/** Freezes all of `value`, so that a change to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
