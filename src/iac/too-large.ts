import { inputLimits } from "../core/input-limits.ts";

/** A file exceeds a limit or expands beyond it. The message completes a sentence. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** The remaining budget for the loops of one template. */
export type LoopBudget = { turns: number; copies: number };

/** The full budget of a template. */
export function wholeBudget(): LoopBudget {
  return { turns: inputLimits.loopTurns, copies: inputLimits.loopCopies };
}

/** Uses one iteration of the budget. @throws TooLargeError if none is left */
export function takeTurn(budget: LoopBudget): void {
  budget.turns -= 1;
  if (budget.turns < 0)
    throw new TooLargeError(`has loops with more than ${inputLimits.loopTurns} iterations`);
}

/** Uses the budget that a copy needs. @throws TooLargeError if too little is left */
export function takeCopy(budget: LoopBudget, size: number): void {
  budget.copies -= size;
  if (budget.copies < 0) {
    throw new TooLargeError(`has loops that copy more than ${inputLimits.loopCopies} values and characters`);
  }
}
