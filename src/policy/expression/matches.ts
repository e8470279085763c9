import { type ASTNode, ParseError } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { remembering } from "../../model/remembering.ts";
import { expressionProblem } from "../matching.ts";

/** The call that the parser hands to a macro of one argument, `receiver.matches(pattern)`. */
type MacroCall = {
  readonly receiver: ASTNode;
  readonly args: readonly [pattern: ASTNode];
};

type Checker = {
  readonly check: (node: ASTNode, context: unknown) => { readonly name: string };
  readonly getType: (name: string) => unknown;
  readonly createError: (code: string, message: string, node: ASTNode) => Error;
};

type Evaluator = { readonly run: (node: ASTNode, context: unknown) => unknown };

/**
 * The signature under which {@link matches} takes the place of the library's own `string.matches`. The parser
 * hands every `.matches(…)` to a macro of that name, whatever its receiver; one for strings can not be declared
 * twice.
 */
export const matchesSignature = "list.matches(ast): bool";

/**
 * CEL's `matches` as its specification wants it: RE2, which takes time linear in the text. The library's own
 * goes by JavaScript's regular expressions, with which a pattern can stall an audit.
 */
export function matches({ receiver, args }: MacroCall) {
  const pattern = patternOf(args[0]);
  return {
    // Stryker disable next-line BooleanLiteral: only spares the evaluator looking out for promises
    async: false,
    typeCheck: (checker: Checker, _macro: unknown, context: unknown) => {
      const { name } = checker.check(receiver, context);
      if (name !== "string") {
        throw checker.createError(
          // Stryker disable next-line StringLiteral: there are no words of our own for this code
          "no_matching_overload",
          `matches() is for a string, not for the type ${name}`,
          receiver,
        );
      }
      return checker.getType("bool");
    },
    evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown) =>
      pattern.test(String(evaluator.run(receiver, context))),
  };
}

function patternOf(node: ASTNode): RE2JS {
  const text = node.op === "value" ? node.args : undefined;
  if (typeof text !== "string") throw new ParseError("matches() needs its pattern written out", node);
  const problem = expressionProblem(text);
  if (problem !== null) throw new ParseError(`the pattern ${problem}`, node);
  return compiled(text);
}

const compiled = remembering(new Map<string, RE2JS>(), (pattern) => RE2JS.compile(pattern));

/** The instructions of a pattern that {@link matches} has taken. */
export function programSizeOf(pattern: string): number {
  return compiled(pattern).programSize();
}
