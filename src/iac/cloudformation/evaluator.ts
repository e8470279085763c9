import { entriesOf, type Source } from "../source-tree.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./value.ts";

/** Works out the expressions of one template. */
export type Evaluator = {
  readonly value: (source: Source) => Value;
  /** Whether a condition of the template holds; `null` where that is not known before deployment. */
  readonly holds: (condition: string) => boolean | null;
  /** What `Fn::If` leaves of a structure; `null` where that is not known or nothing. */
  readonly chosen: (source: Source) => Source | null;
};

/** An evaluator as the functions of a template see it. */
export type Inner = Evaluator & { readonly scope: Scope };

/** The function that a map calls, and its argument. */
export function callIn(source: Source): readonly [string, Source] | null {
  const [first, ...more] = entriesOf(source);
  if (first === undefined || more.length > 0) return null;
  const [name, { value }] = first;
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::") ? [name, value] : null;
}
