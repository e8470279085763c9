import { type Source, textOf } from "../source-tree.ts";
import { callIn, type Inner } from "./evaluator.ts";
import type { Value } from "./value.ts";

/** Whether a condition holds; `null` where that is not known before deployment. */
export function decide(condition: Source, evaluator: Inner): boolean | null {
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
