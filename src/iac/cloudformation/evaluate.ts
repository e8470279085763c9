import { inputLimits } from "../../core/input-limits.ts";
import { entriesOf, type Source, textOf } from "../source-tree.ts";
import { TooLargeError } from "../too-large.ts";
import { branchOf, intrinsics } from "./intrinsics.ts";
import type { Scope } from "./scope.ts";
import { textValue, unknownValue, type Value } from "./value.ts";

/** Evaluates the expressions of one template. */
export type Evaluator = {
  readonly value: (source: Source) => Value;
  /** Whether a condition of the template is true; `null` if this is unknown before deployment. */
  readonly holds: (condition: string) => boolean | null;
  /** The branch of a structure that `Fn::If` chooses; `null` if it is unknown or empty. */
  readonly chosen: (source: Source) => Source | null;
};

/** The evaluator that intrinsic functions use. */
export type Inner = Evaluator & { readonly scope: Scope };

/** The intrinsic function that a map calls, with its argument; `null` if it calls none. */
function callIn(source: Source): readonly [string, Source] | null {
  const [first, ...more] = entriesOf(source);
  if (first === undefined || more.length > 0) return null;
  const [name, { value }] = first;
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::") ? [name, value] : null;
}

/** Whether a condition is true; `null` if this is unknown before deployment. */
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
    holds: (name) => {
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

function present(values: readonly Value[]): readonly Value[] {
  return values.filter(({ kind }) => kind !== "nothing");
}
