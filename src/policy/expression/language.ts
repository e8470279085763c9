import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { memoize } from "../../core/memoize.ts";
import { expressionProblem } from "../matching/matching.ts";
import type { CustomCheck } from "../sections/custom-checks.ts";
import {
  AccountFacts,
  accountFields,
  RegistryFacts,
  RuleFacts,
  registryFields,
  ruleFields,
} from "./facts.ts";

/** The call that the parser passes to a macro with one argument, `receiver.matches(pattern)`. */
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
 * The signature with which {@link matches} replaces the library's own `string.matches`. The parser passes every
 * `.matches(…)` to a macro with that name, regardless of the receiver. The signature is declared on a list because
 * one for strings cannot be declared twice.
 */
const matchesSignature = "list.matches(ast): bool";

/**
 * CEL's `matches` as specified: with RE2, which takes time linear in the text. The library's own implementation uses
 * JavaScript's regular expressions, with which a pattern can stall an audit.
 */
function matches({ receiver, args }: MacroCall) {
  const pattern = patternOf(args[0]);
  return {
    // Stryker disable next-line BooleanLiteral: it only saves the evaluator from checking for promises
    async: false,
    typeCheck: (checker: Checker, _macro: unknown, context: unknown) => {
      const { name } = checker.check(receiver, context);
      if (name !== "string") {
        throw checker.createError(
          // Stryker disable next-line StringLiteral: this code has no message of our own
          "no_matching_overload",
          `matches() requires a string, not the type ${name}`,
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
  if (typeof text !== "string") throw new ParseError("matches() requires a literal pattern", node);
  const problem = expressionProblem(text);
  if (problem !== null) throw new ParseError(`the pattern ${problem}`, node);
  return compiled(text);
}

const compiled = memoize(new Map<string, RE2JS>(), (pattern) => RE2JS.compile(pattern));

/** The number of instructions of a pattern that {@link matches} has accepted. */
export function programSizeOf(pattern: string): number {
  return compiled(pattern).programSize();
}

/** What an expression evaluates. */
export type Subject = CustomCheck["appliesTo"];

/** Size limits of an expression. */
const limits = { maxAstNodes: 500, maxDepth: 50, maxListElements: 200, maxMapEntries: 20 };

const ofRegistries = new Environment({ limits })
  .registerType("Rule", { ctor: RuleFacts, fields: ruleFields })
  .registerType("Registry", { ctor: RegistryFacts, fields: registryFields })
  .registerType("Account", { ctor: AccountFacts, fields: accountFields })
  .registerVariable("registry", "Registry")
  .registerVariable("account", "Account")
  .registerVariable("region", "string")
  .registerFunction(matchesSignature, matches, { async: false });

/** The variables and functions of an expression, with their types. */
export const environments: { readonly [S in Subject]: Environment } = {
  registry: ofRegistries,
  rule: ofRegistries.clone().registerVariable("rule", "Rule"),
};

/** The names of the variables, for error messages. */
export const variableNames: { readonly [S in Subject]: readonly string[] } = {
  registry: ["registry", "account", "region"],
  rule: ["rule", "registry", "account", "region"],
};

/**
 * The maximum depth of nested loops. An expression on rules is evaluated for each rule, so that a registry with 50
 * rules never takes more than 50 × 50 iterations.
 */
export const loopDepths: { readonly [S in Subject]: number } = { registry: 2, rule: 1 };

/** The methods that iterate over a list. */
export const loops: readonly string[] = ["all", "exists", "exists_one", "filter", "map"];

/**
 * The supported functions. The library has others that are excluded: `has` would be true for an empty string, `split`,
 * `join` and `cel.bind` can create values of any size, parsing durations takes more than linear time, and `dyn`
 * bypasses type checking.
 */
export const callables: readonly string[] = [
  ...loops,
  "contains",
  "endsWith",
  "indexOf",
  "int",
  "lastIndexOf",
  "lowerAscii",
  "matches",
  "size",
  "startsWith",
  "string",
  "substring",
  "timestamp",
  "trim",
  "upperAscii",
];
