import { type Source, textOf, valueUnder } from "../source-tree.ts";
import type { Evaluator, Inner } from "./evaluate.ts";
import { joined, textValue, unknownValue, type Value } from "./value.ts";

/** A pseudo function that wraps a text with a variable that another tool resolves. */
export const unresolvedVariable = "Fn::UnresolvedVariable";

type Intrinsic = (argument: Source, evaluator: Inner) => Value;

/** The intrinsic functions that can be evaluated before deployment, by name. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, { scope }) => scope.lookUp(textOf(argument) ?? ""),
  [unresolvedVariable]: (argument) => unknownValue(`contains a variable: ${textOf(argument)}`),
  "Fn::Sub": substitute,
  "Fn::Join": (argument, { value }) => {
    const [delimiter, list] = argumentsOf(argument, value);
    if (delimiter?.kind !== "text") return unknownValue("is joined with an unknown delimiter");
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
      ? unknownValue(`contains ${name}, which is known only after deployment`)
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

/** The branch that `Fn::If` chooses; `null` if it is unknown or empty. */
export function branchOf(argument: Source, { holds }: Inner): Source | null {
  const [, whenTrue, whenFalse] = argument.kind === "list" ? argument.items : [];
  const holdsNow = holds(conditionNameIn(argument));
  if (holdsNow === null) return null;
  return (holdsNow ? whenTrue : whenFalse) ?? null;
}

function conditionNameIn(argument: Source): string {
  return (argument.kind === "list" ? textOf(argument.items[0]) : null) ?? "";
}

function argumentsOf(argument: Source, value: Evaluator["value"]): readonly Value[] {
  return argument.kind === "list" ? argument.items.map(value) : [];
}

function malformed(name: string): Value {
  return unknownValue(`is the result of ${name}, which cannot be evaluated`);
}
