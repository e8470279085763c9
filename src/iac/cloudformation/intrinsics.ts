import { type Source, textOf, valueUnder } from "../source-tree.ts";
import { callIn, type Evaluator, type Inner } from "./evaluate.ts";
import { macroCall } from "./macros.ts";
import type { Scope } from "./scope.ts";
import { joined, textValue, unknownValue, type Value } from "./value.ts";

/** A pseudo function that wraps a text with a variable that another tool resolves. */
export const unresolvedVariable = "Fn::UnresolvedVariable";

type Intrinsic = (argument: Source, evaluator: Inner) => Value;

/** The intrinsic functions that can be evaluated before deployment, by name. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, { scope, value }) => {
    const name = argument.kind === "scalar" ? textValue(textOf(argument) ?? "") : value(argument);
    return name.kind === "text" ? scope.lookUp(name.text) : unknownValue("refers to what a function names");
  },
  "Fn::GetAtt": getAttribute,
  "Fn::Length": (argument, { value }) => {
    const list = value(argument);
    return list.kind === "list" ? textValue(String(list.items.length)) : malformed("Fn::Length");
  },
  "Fn::ToJsonString": (argument, { value }) => asJson(argument, value),
  [unresolvedVariable]: (argument) => {
    const text = textOf(argument) ?? "";
    const start = text.slice(0, text.indexOf("${"));
    return unknownValue(`contains a variable: ${text}`, start === "" ? [null] : [start, null]);
  },
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
    const [resource = "", ...attribute] = name.split(".");
    if (attribute.length === 0) return scope.lookUp(name);
    return unknownValue(`contains ${name}, which is known only after deployment`, [
      { resource, attribute: attribute.join(".") },
    ]);
  });
  return joined(pieces);
}

function getAttribute(argument: Source, { value }: Inner): Value {
  const path = argument.kind === "list" ? joined(argument.items.map(value), ".") : value(argument);
  const why = "is the result of Fn::GetAtt, which is known only after deployment";
  if (path.kind !== "text") return unknownValue(why);
  const [resource = "", ...attribute] = path.text.split(".");
  return unknownValue(why, [{ resource, attribute: attribute.join(".") }]);
}

/** A structure as JSON. Values in it that are not texts become texts. What several aliases refer to is written once. */
function asJson(source: Source, value: Evaluator["value"]): Value {
  const written = new Map<Source, Value>();
  const write = (part: Source): Value => {
    const before = written.get(part);
    if (before !== undefined) return before;
    const json = writeOnce(part);
    written.set(part, json);
    return json;
  };
  const writeOnce = (part: Source): Value => {
    if (part.kind === "scalar") return part.isNull ? textValue("null") : quoted(textValue(part.text));
    if (part.kind === "list") {
      const items = part.items.flatMap((item, at) => [textValue(at === 0 ? "[" : ","), write(item)]);
      return joined([textValue(items.length === 0 ? "[" : ""), ...items, textValue("]")]);
    }
    if (callIn(part) !== null) return quoted(value(part));
    const entries = Array.from(part.entries).flatMap(([key, entry], at) => [
      textValue(`${at === 0 ? "{" : ","}${JSON.stringify(key)}:`),
      write(entry.value),
    ]);
    return joined([textValue(entries.length === 0 ? "{" : ""), ...entries, textValue("}")]);
  };
  return write(source);
}

function quoted(value: Value): Value {
  if (value.kind === "text") return textValue(JSON.stringify(value.text));
  if (value.kind === "map" || value.kind === "list") return unknownValue("contains a structure");
  return joined([textValue('"'), value.kind === "nothing" ? textValue("") : value, textValue('"')]);
}

function findInMap(argument: Source, { scope, value }: Inner): Value {
  const [map, top, second] = argumentsOf(argument, value);
  const missing = [map, top, second].find((part) => part?.kind === "unknown");
  if (missing?.kind === "unknown") return unknownValue(missing.why);
  if (map?.kind === "text" && isOpen(scope, map.text))
    return unknownValue("comes from a mapping that a macro writes");
  if (map?.kind !== "text" || top?.kind !== "text" || second?.kind !== "text")
    return malformed("Fn::FindInMap");
  const found = valueUnder(valueUnder(scope.mapping(map.text), top.text), second.text);
  if (found !== undefined) return value(found);
  const fallback = argument.kind === "list" ? valueUnder(argument.items[3], "DefaultValue") : undefined;
  return fallback === undefined ? malformed("Fn::FindInMap") : value(fallback);
}

/** Whether a macro may add to a mapping. */
function isOpen({ mapping }: Scope, name: string): boolean {
  return mapping(macroCall) !== undefined || valueUnder(mapping(name), macroCall) !== undefined;
}

/** The branch that `Fn::If` chooses; `null` if it is unknown or empty. */
export function branchOf(argument: Source, { holds }: Inner): Source | null {
  const [, whenTrue, whenFalse] = argument.kind === "list" ? argument.items : [];
  const [condition] = argument.kind === "list" ? argument.items : [];
  const holdsNow = condition === undefined ? null : holds(condition);
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
