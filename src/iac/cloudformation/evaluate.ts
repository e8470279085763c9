import { entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";
import type { Scope } from "./scope.ts";
import { joined, textValue, unknownValue, type Value } from "./value.ts";

/** Works out the expressions of one template. */
export type Evaluator = {
  readonly value: (source: Source) => Value;
  /** Whether a condition of the template holds; `null` where that is not known before deployment. */
  readonly holds: (condition: string) => boolean | null;
  /** What `Fn::If` leaves of a structure; `null` where that is not known or nothing. */
  readonly chosen: (source: Source) => Source | null;
};

/** Stands, as if it were a function, around a text with a variable that another tool resolves. */
export const unresolvedVariable = "Fn::UnresolvedVariable";

type Intrinsic = (argument: Source, evaluator: Inner) => Value;
type Inner = Evaluator & { readonly scope: Scope };

/** Makes an evaluator. What was worked out once is kept: aliases let one expression stand in many places. */
export function evaluatorFor(scope: Scope): Evaluator {
  const known = new Map<Source, Value>();
  const conditions = new Map<string, boolean | null>();
  const inner: Inner = {
    scope,
    value: (source) => {
      const before = known.get(source);
      if (before !== undefined) return before;
      // Should it come up within itself, it can not be worked out.
      known.set(source, unknownValue("refers to itself"));
      const value = work(source, inner);
      known.set(source, value);
      return value;
    },
    holds: (name) => {
      const before = conditions.get(name);
      if (before !== undefined) return before;
      conditions.set(name, null);
      const condition = scope.condition(name);
      const answer = condition === undefined ? null : decide(condition, inner);
      conditions.set(name, answer);
      return answer;
    },
    chosen: (source) => {
      const [name, argument] = callIn(source) ?? [];
      if (name === undefined) return source;
      if (name !== "Fn::If" || argument === undefined) return null;
      const branch = branchOf(argument, inner);
      return branch === null ? null : inner.chosen(branch);
    },
  };
  return inner;
}

function work(source: Source, evaluator: Inner): Value {
  switch (source.kind) {
    case "scalar":
      return source.isNull ? { kind: "nothing" } : textValue(source.text);
    case "list":
      return { kind: "list", items: present(source.items.map(evaluator.value)) };
    case "map": {
      const [name, argument] = callIn(source) ?? [];
      if (name === undefined || argument === undefined) return { kind: "map", source };
      const intrinsic = intrinsics[name];
      if (intrinsic !== undefined) return intrinsic(argument, evaluator);
      return unknownValue(`is the result of ${name}, which is known only after deployment`);
    }
  }
}

/** The function that a map calls, and its argument. */
function callIn(source: Source): readonly [string, Source] | null {
  const [first, ...more] = entriesOf(source);
  if (first === undefined || more.length > 0) return null;
  const [name, { value }] = first;
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::") ? [name, value] : null;
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, { scope }) => scope.lookUp(textOf(argument) ?? ""),
  [unresolvedVariable]: (argument) => unknownValue(`holds a variable: ${textOf(argument)}`),
  "Fn::Sub": substitute,
  "Fn::Join": (argument, { value }) => {
    const [delimiter, list] = argumentsOf(argument, value);
    if (delimiter?.kind !== "text") return unknownValue("is joined by what is not known");
    if (list?.kind === "unknown") return unknownValue(list.why);
    return list?.kind === "list" ? joined(list.items, delimiter.text) : malformed("Fn::Join");
  },
  "Fn::Select": (argument, { value }) => {
    const [index, list] = argumentsOf(argument, value);
    if (list?.kind === "unknown") return unknownValue(list.why);
    if (index?.kind !== "text" || list?.kind !== "list") return malformed("Fn::Select");
    return list.items[Number(index.text)] ?? malformed("Fn::Select");
  },
  "Fn::Split": (argument, { value }) => {
    const [delimiter, text] = argumentsOf(argument, value);
    if (text?.kind === "unknown") return unknownValue(text.why);
    if (delimiter?.kind !== "text" || text?.kind !== "text") return malformed("Fn::Split");
    return { kind: "list", items: text.text.split(delimiter.text).map(textValue) };
  },
  "Fn::FindInMap": findInMap,
  "Fn::If": (argument, evaluator) => {
    const branch = branchOf(argument, evaluator);
    return branch === null
      ? unknownValue(`depends on the condition ${conditionNameIn(argument)}`)
      : evaluator.value(branch);
  },
};

function substitute(argument: Source, { scope, value }: Inner): Value {
  const [template, variables] = argument.kind === "list" ? argument.items : [argument];
  const text = textOf(template);
  if (text === null) return malformed("Fn::Sub");
  const pieces = text.split(/(\$\{[^}]*\})/).map((piece): Value => {
    const name = /^\$\{([^}]*)\}$/.exec(piece)?.[1]?.trim();
    if (name === undefined) return textValue(piece);
    if (name.startsWith("!")) return textValue(`\${${name.slice(1)}}`);
    const variable = valueUnder(variables, name);
    if (variable !== undefined) return value(variable);
    return name.includes(".")
      ? unknownValue(`holds ${name}, which is known only after deployment`)
      : scope.lookUp(name);
  });
  return joined(pieces);
}

function findInMap(argument: Source, { scope, value }: Inner): Value {
  const [map, top, second] = argumentsOf(argument, value);
  const missing = [map, top, second].find((part) => part?.kind === "unknown");
  if (missing?.kind === "unknown") return unknownValue(missing.why);
  if (map?.kind !== "text" || top?.kind !== "text" || second?.kind !== "text")
    return malformed("Fn::FindInMap");
  const found = valueUnder(valueUnder(scope.mapping(map.text), top.text), second.text);
  if (found !== undefined) return value(found);
  const fallback = argument.kind === "list" ? valueUnder(argument.items[3], "DefaultValue") : undefined;
  return fallback === undefined ? malformed("Fn::FindInMap") : value(fallback);
}

function branchOf(argument: Source, { holds }: Inner): Source | null {
  const [, whenTrue, whenFalse] = argument.kind === "list" ? argument.items : [];
  const holdsNow = holds(conditionNameIn(argument));
  if (holdsNow === null) return null;
  return (holdsNow ? whenTrue : whenFalse) ?? null;
}

function conditionNameIn(argument: Source): string {
  return (argument.kind === "list" ? textOf(argument.items[0]) : null) ?? "";
}

function decide(condition: Source, evaluator: Inner): boolean | null {
  const [name, argument] = callIn(condition) ?? [];
  const parts = argument?.kind === "list" ? argument.items : [];
  const decideAll = () => parts.map((part) => decide(part, evaluator));
  switch (name) {
    case "Condition":
      return evaluator.holds(textOf(argument) ?? "");
    case "Fn::Equals":
      return areEqual(parts.map(evaluator.value));
    case "Fn::Not":
      return negated(decideAll()[0] ?? null);
    case "Fn::And":
      return allHold(decideAll());
    case "Fn::Or":
      return negated(allHold(decideAll().map(negated)));
    default:
      return null;
  }
}

function areEqual([one, other]: readonly Value[]): boolean | null {
  return one?.kind === "text" && other?.kind === "text" ? one.text === other.text : null;
}

function negated(answer: boolean | null): boolean | null {
  return answer === null ? null : !answer;
}

function allHold(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function argumentsOf(argument: Source, value: Evaluator["value"]): readonly Value[] {
  return argument.kind === "list" ? argument.items.map(value) : [];
}

function present(values: readonly Value[]): readonly Value[] {
  return values.filter(({ kind }) => kind !== "nothing");
}

function malformed(name: string): Value {
  return unknownValue(`is the result of ${name}, which can not be worked out here`);
}
