import type { Source } from "../source-tree.ts";
import { decide } from "./conditions.ts";
import { callIn, type Evaluator, type Inner } from "./evaluator.ts";
import { branchOf, intrinsics } from "./intrinsics.ts";
import type { Scope } from "./scope.ts";
import { textValue, unknownValue, type Value } from "./value.ts";

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

function present(values: readonly Value[]): readonly Value[] {
  return values.filter(({ kind }) => kind !== "nothing");
}
