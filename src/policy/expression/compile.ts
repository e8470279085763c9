import type { ASTNode } from "@marcbachmann/cel-js";
import { EvaluationError, ParseError, type ParseResult, TypeError as TypeFault } from "@marcbachmann/cel-js";
import { memoize } from "../../core/memoize.ts";
import { BudgetError, costOf } from "./cost.ts";
import { factSizes } from "./fact-sizes.ts";
import { type ExpressionFacts, variablesOf } from "./facts.ts";
import { callables, environments, loopDepths, loops, type Subject, variableNames } from "./language.ts";
import { usualFacts } from "./limits.ts";
import type { FactSizes } from "./size.ts";

/** What an expression does that it may not, or `null`: calls that there are not, loops too deep in one another. */
function restrictionProblem(expression: ASTNode, subject: Subject): string | null {
  const unknown = calledIn(expression).find((name) => !callables.includes(name));
  if (unknown !== undefined) {
    return `calls ${unknown}(), which custom checks do not have; they have ${callables.join(", ")}`;
  }
  const allowed = loopDepths[subject];
  if (loopDepth(expression) <= allowed) return null;
  return allowed === 1
    ? "may not have a loop (all, exists, filter, map) inside another"
    : `may not have loops (all, exists, filter, map) more than ${allowed} deep in one another`;
}

function calledIn(node: ASTNode): readonly string[] {
  const own = node.op === "call" || node.op === "rcall" ? [node.args[0]] : [];
  return [...own, ...partsOf(node).flatMap(calledIn)];
}

/** How deep loops lie in one another; what a loop goes through is worked out once, before it. */
function loopDepth(node: ASTNode): number {
  if (node.op !== "rcall" || !loops.includes(node.args[0])) return deepest(partsOf(node));
  const [, through, body] = node.args;
  return Math.max(loopDepth(through), 1 + deepest(body));
}

function deepest(nodes: readonly ASTNode[]): number {
  return Math.max(0, ...nodes.map(loopDepth));
}

function partsOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    // Stryker disable next-line StringLiteral: only the types want it, optional fields are switched off
    case ".?":
      return [node.args[0]];
    case "!_":
    case "-_":
      return [node.args];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    default:
      return node.args;
  }
}

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
  const known = memoize(new Map<string, { readonly problem: string | null }>(), (key) => {
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
