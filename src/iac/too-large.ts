import { inputLimits } from "../core/input-limits.ts";

/** A file is larger than what is worked out, or grows beyond it. The message is the end of a sentence. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** What the loops of one template have left. */
export type LoopBudget = { turns: number; copies: number };

/** The budget of a template whose loops have not begun. */
export function wholeBudget(): LoopBudget {
  return { turns: inputLimits.loopTurns, copies: inputLimits.loopCopies };
}

/** Takes one turn of a loop. @throws TooLargeError when there is none left */
export function takeTurn(budget: LoopBudget): void {
  budget.turns -= 1;
  if (budget.turns < 0) throw new TooLargeError(`has loops of more than ${inputLimits.loopTurns} turns`);
}

/** Takes what a copy needs. @throws TooLargeError when that is not left */
export function takeCopy(budget: LoopBudget, size: number): void {
  budget.copies -= size;
  if (budget.copies < 0) {
    throw new TooLargeError(`has loops that copy more than ${inputLimits.loopCopies} values and characters`);
  }
}
