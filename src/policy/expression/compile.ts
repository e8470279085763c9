import type { ASTNode } from "@marcbachmann/cel-js";
import { EvaluationError, ParseError, type ParseResult, TypeError as TypeFault } from "@marcbachmann/cel-js";
import { memoize } from "../../core/memoize.ts";
import { BudgetError, costOf } from "./cost.ts";
import { factSizes } from "./fact-sizes.ts";
import { type ExpressionFacts, variablesOf } from "./facts.ts";
import { callables, environments, loopDepths, loops, type Subject, variableNames } from "./language.ts";
import { usualFacts } from "./limits.ts";
import type { FactSizes } from "./size.ts";

/** The restriction that an expression violates, or `null`: unknown functions and loops that are nested too deeply. */
function restrictionProblem(expression: ASTNode, subject: Subject): string | null {
  const unknown = calledIn(expression).find((name) => !callables.includes(name));
  if (unknown !== undefined) {
    return `calls ${unknown}(), which custom checks do not support; supported are ${callables.join(", ")}`;
  }
  const allowed = loopDepths[subject];
  if (loopDepth(expression) <= allowed) return null;
  return allowed === 1
    ? "must not nest loops (all, exists, filter, map)"
    : `must not nest loops (all, exists, filter, map) more than ${allowed} deep`;
}

function calledIn(node: ASTNode): readonly string[] {
  const own = node.op === "call" || node.op === "rcall" ? [node.args[0]] : [];
  return [...own, ...partsOf(node).flatMap(calledIn)];
}

/** The depth of nested loops. The list over which a loop iterates is evaluated once, outside the loop. */
function loopDepth(node: ASTNode): number {
  if (node.op !== "rcall" || !loops.includes(node.args[0])) return deepest(partsOf(node));
  const [, list, body] = node.args;
  return Math.max(loopDepth(list), 1 + deepest(body));
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
    // Stryker disable next-line StringLiteral: only the types need it, because optional fields are disabled
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

/** A parsed and type-checked expression of a custom check. */
export type Expression = {
  /**
   * Whether the expression is true. Does not parse it again, and does not evaluate it if it could exceed its budget.
   *
   * @throws ExpressionError if it cannot be evaluated, and any error that the facts throw that it reads
   */
  readonly holdsFor: (facts: ExpressionFacts) => boolean;
};

/** A problem of an expression. Its message is the end of a sentence that starts with the expression's location. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/**
 * Parses a CEL expression and checks its types, so that few errors can occur during evaluation.
 *
 * @throws ExpressionError if it is not a valid expression, or its type is not bool
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
        // Errors of the facts themselves are handled by the code that created them.
        if (!isOfLanguage(error)) throw error;
        throw new ExpressionError(explain(error, text, subject), { cause: error });
      }
    },
  };
}

/** Why an expression cannot be evaluated for facts of a given size; `null` if it can. Computed once for each size. */
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

/** Why `text` is not a valid expression for `subject`, or `null` if it is. */
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
    : `${problem} even in a registry with ${usualFacts.rules} rules: simplify its loops`;
}

function typeProblem(program: ParseResult, text: string, subject: Subject): string | null {
  const { valid, type, error } = program.check();
  if (!valid) return `is not valid: ${explain(error, text, subject)}`;
  return type === "bool" ? null : `must be of type bool, not of type ${type}`;
}

function explain(error: unknown, text: string, subject: Subject): string {
  // Stryker disable next-line ConditionalExpression: no text is known for which the parser throws a different error
  if (!isOfLanguage(error)) return String(error);
  const { range } = error;
  if (range === undefined) return messageFor(error, subject);
  const excerpt = text.slice(range.start, range.end).replaceAll(/[\p{C}\s]+/gu, " ");
  const quoted = excerpt === "" ? "" : `: ${excerpt}`;
  return `${messageFor(error, subject)} (at character ${range.start + 1}${quoted})`;
}

function isOfLanguage(error: unknown): error is ParseError | TypeFault | EvaluationError {
  return error instanceof ParseError || error instanceof TypeFault || error instanceof EvaluationError;
}

function messageFor({ code, summary }: ParseError | TypeFault | EvaluationError, subject: Subject): string {
  switch (code) {
    case "no_such_key":
      return summary.replace("No such key: ", "unknown field ");
    case "unknown_variable": {
      const names = variableNames[subject].join(", ");
      return `${summary.replace("Unknown variable: ", "unknown variable ")}; the variables are ${names}`;
    }
    case "index_out_of_bounds":
      return "the list has no entry at this index";
    case "limit_exceeded":
      return `the expression is too large: ${summary}`;
    default:
      return summary;
  }
}
