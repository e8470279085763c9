import { EvaluationError, ParseError, type ParseResult, TypeError as TypeFault } from "@marcbachmann/cel-js";
import { remembering } from "../../model/remembering.ts";
import { BudgetError, costOf } from "./cost.ts";
import { factSizes } from "./fact-sizes.ts";
import { type ExpressionFacts, variablesOf } from "./facts.ts";
import { environments, type Subject, variableNames } from "./language.ts";
import { usualFacts } from "./limits.ts";
import { restrictionProblem } from "./restrictions.ts";
import type { FactSizes } from "./size.ts";

/** An expression of a custom check, read and type-checked. */
export type Expression = {
  /**
   * Whether it holds. Cheap: nothing is read again, and what could take more than its budget is not begun.
   *
   * @throws ExpressionError when it can not be worked out, and what the facts throw that it looks at
   */
  readonly holdsFor: (facts: ExpressionFacts) => boolean;
};

/** What is wrong with an expression, as the end of a sentence that begins with where it stands. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/**
 * Reads an expression in CEL and checks its types, so that little is left that can go wrong with a rule.
 *
 * @throws ExpressionError when it is none, or not one of true or false
 */
export function compileExpression(text: string, subject: Subject): Expression {
  const program = read(text, subject);
  if (program instanceof ExpressionError) throw program;
  const verdictFor = budgetOf(program.ast);
  return {
    holdsFor: (facts) => {
      const beyond = verdictFor(factSizes(facts));
      if (beyond !== null) throw new ExpressionError(beyond);
      try {
        return program(variablesOf(facts)) === true;
      } catch (error) {
        // What the facts themselves refuse is for whoever made them to say.
        if (!isOfLanguage(error)) throw error;
        throw new ExpressionError(explain(error, text, subject), { cause: error });
      }
    },
  };
}

/** Why an expression cannot be worked out for facts of a size; `null` when it can. Asked once for each size. */
function budgetOf(ast: ParseResult["ast"]): (sizes: FactSizes) => string | null {
  const known = remembering(new Map<string, { readonly problem: string | null }>(), (key) => {
    const [rules = 0, units = 0, text = 0] = key.split(" ").map(Number);
    return { problem: budgetProblem(ast, { rules, units, text }) };
  });
  return ({ rules, units, text }) => known(`${rules} ${units} ${text}`).problem;
}

function budgetProblem(ast: ParseResult["ast"], sizes: FactSizes): string | null {
  try {
    costOf(ast, sizes);
    return null;
  } catch (error) {
    if (error instanceof BudgetError) return error.message;
    throw error;
  }
}

/** Why `text` is no expression for `subject`, or `null` when it is one. */
export function compilationProblem(text: string, subject: Subject): string | null {
  const program = read(text, subject);
  return program instanceof ExpressionError ? program.message : null;
}

function read(text: string, subject: Subject): ParseResult | ExpressionError {
  const program = parse(text, subject);
  if (program instanceof ExpressionError) return program;
  const problem =
    restrictionProblem(program.ast, subject) ?? typeProblem(program, text, subject) ?? usualProblem(program);
  return problem === null ? program : new ExpressionError(problem);
}

function parse(text: string, subject: Subject): ParseResult | ExpressionError {
  try {
    return environments[subject].parse(text);
  } catch (error) {
    return new ExpressionError(`is not a CEL expression: ${explain(error, text, subject)}`, { cause: error });
  }
}

function usualProblem({ ast }: ParseResult): string | null {
  const problem = budgetProblem(ast, usualFacts);
  return problem === null
    ? null
    : `${problem}, already in a registry of ${usualFacts.rules} rules: shorten its loops`;
}

function typeProblem(program: ParseResult, text: string, subject: Subject): string | null {
  const { valid, type, error } = program.check();
  if (!valid) return `is not sound: ${explain(error, text, subject)}`;
  return type === "bool" ? null : `must be true or false, not of type ${type}`;
}

function explain(error: unknown, text: string, subject: Subject): string {
  // Stryker disable next-line ConditionalExpression: no text is known at which the parser throws another error
  if (!isOfLanguage(error)) return String(error);
  const { range } = error;
  if (range === undefined) return inWords(error, subject);
  const excerpt = text.slice(range.start, range.end).replaceAll(/[\p{C}\s]+/gu, " ");
  const place = excerpt === "" ? "" : `: ${excerpt}`;
  return `${inWords(error, subject)} (at character ${range.start + 1}${place})`;
}

function isOfLanguage(error: unknown): error is ParseError | TypeFault | EvaluationError {
  return error instanceof ParseError || error instanceof TypeFault || error instanceof EvaluationError;
}

function inWords({ code, summary }: ParseError | TypeFault | EvaluationError, subject: Subject): string {
  switch (code) {
    case "no_such_key":
      return summary.replace("No such key: ", "there is no field ");
    case "unknown_variable": {
      const names = variableNames[subject].join(", ");
      return `${summary.replace("Unknown variable: ", "there is no variable ")}; there are ${names}`;
    }
    case "index_out_of_bounds":
      return "the list has no entry at this index";
    case "limit_exceeded":
      return `it is too large: ${summary}`;
    default:
      return summary;
  }
}
