import { inputLimits } from "../../core/input-limits.ts";
import { entriesOf, type Source, textOf } from "../source-tree.ts";
import { TooLargeError } from "../too-large.ts";
import { branchOf, intrinsics } from "./intrinsics.ts";
import { isLoop } from "./loops.ts";
import type { Scope } from "./scope.ts";
import { isDynamic, textValue, unknownValue, type Value } from "./value.ts";

/** Evaluates the expressions of one template. */
export type Evaluator = {
  readonly value: (source: Source) => Value;
  /** Whether the condition that `name` names is true; `null` if this is unknown before deployment. A function may name it. */
  readonly holds: (name: Source) => boolean | null;
  /** The branch of a structure that `Fn::If` chooses; `null` if it is unknown or empty. */
  readonly chosen: (source: Source) => Source | null;
};

/** The function, with its argument, that a map calls; `null` if it calls none. */
export type Call = readonly [string, Source] | null;

/** The evaluator that intrinsic functions use. */
export type Inner = Evaluator & { readonly scope: Scope };

/** The intrinsic function that a map calls. */
export function callIn(source: Source): Call {
  const [first, ...more] = entriesOf(source);
  if (first === undefined || more.length > 0) return null;
  const [name, { value }] = first;
  if (isLoop(name)) return null;
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::") ? [name, value] : null;
}

/** Whether a condition is true; `null` if this is unknown before deployment. */
function decide(condition: Source, evaluator: Inner): boolean | null {
  const [name, argument] = callIn(condition) ?? [];
  const parts = argument?.kind === "list" ? argument.items : [];
  const decideAll = () => parts.map((part) => decide(part, evaluator));
  switch (name) {
    case "Condition":
      return argument === undefined ? null : evaluator.holds(argument);
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
  if (one?.kind !== "text" || other?.kind !== "text") return null;
  return isDynamic(one.text) || isDynamic(other.text) ? null : one.text === other.text;
}

function negated(answer: boolean | null): boolean | null {
  return answer === null ? null : !answer;
}

function allHold(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

const tooDeep = `has conditions that refer to one another more than ${inputLimits.conditionDepth} levels deep`;

/** Creates an evaluator. It caches results, because YAML aliases can repeat one expression many times. */
export function evaluatorFor(scope: Scope): Evaluator {
  const known = new Map<Source, Value>();
  const conditions = new Map<string, boolean | null>();
  let depth = 0;
  const inner: Inner = {
    scope,
    value: (source) => {
      const before = known.get(source);
      if (before !== undefined) return before;
      // An expression that refers to itself cannot be evaluated.
      known.set(source, unknownValue("refers to itself"));
      const value = work(source, inner);
      known.set(source, value);
      return value;
    },
    holds: (source) => {
      const name = source.kind === "scalar" ? textValue(textOf(source) ?? "") : inner.value(source);
      return name.kind === "text" ? holdsNamed(name.text) : null;
    },
    chosen: (source) => {
      const [name, argument] = callIn(source) ?? [];
      if (name === undefined) return source;
      if (name !== "Fn::If" || argument === undefined) return null;
      const branch = branchOf(argument, inner);
      return branch === null ? null : inner.chosen(branch);
    },
  };
  const holdsNamed = (name: string): boolean | null => {
    const before = conditions.get(name);
    if (before !== undefined) return before;
    conditions.set(name, null);
    const condition = scope.condition(name);
    depth += 1;
    if (depth > inputLimits.conditionDepth) throw new TooLargeError(tooDeep);
    const answer = condition === undefined ? null : decide(condition, inner);
    depth -= 1;
    conditions.set(name, answer);
    return answer;
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

function present(values: readonly Value[]): readonly Value[] {
  return values.filter(({ kind }) => kind !== "nothing");
}
