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
const matchesSignature = "list.matches(ast): bool";

/**
 * CEL's `matches` as its specification wants it: RE2, which takes time linear in the text. The library's own
 * goes by JavaScript's regular expressions, with which a pattern can stall an audit.
 */
function matches({ receiver, args }: MacroCall) {
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

const compiled = memoize(new Map<string, RE2JS>(), (pattern) => RE2JS.compile(pattern));

/** The instructions of a pattern that {@link matches} has taken. */
export function programSizeOf(pattern: string): number {
  return compiled(pattern).programSize();
}

/** What an expression judges. */
export type Subject = CustomCheck["appliesTo"];

/** How large an expression may be. */
const limits = { maxAstNodes: 500, maxDepth: 50, maxListElements: 200, maxMapEntries: 20 };

const ofRegistries = new Environment({ limits })
  .registerType("Rule", { ctor: RuleFacts, fields: ruleFields })
  .registerType("Registry", { ctor: RegistryFacts, fields: registryFields })
  .registerType("Account", { ctor: AccountFacts, fields: accountFields })
  .registerVariable("registry", "Registry")
  .registerVariable("account", "Account")
  .registerVariable("region", "string")
  .registerFunction(matchesSignature, matches, { async: false });

/** What can be named in an expression, and of which type it is. */
export const environments: { readonly [S in Subject]: Environment } = {
  registry: ofRegistries,
  rule: ofRegistries.clone().registerVariable("rule", "Rule"),
};

/** The names that can be used, for those who used another. */
export const variableNames: { readonly [S in Subject]: readonly string[] } = {
  registry: ["registry", "account", "region"],
  rule: ["rule", "registry", "account", "region"],
};

/**
 * How deep loops may lie in one another. A rule is judged once for each rule of its registry, so that a registry
 * of 50 rules never takes more than 50 × 50 rounds.
 */
export const loopDepths: { readonly [S in Subject]: number } = { registry: 2, rule: 1 };

/** The methods that go through a list. */
export const loops: readonly string[] = ["all", "exists", "exists_one", "filter", "map"];

/**
 * All that can be called. Of what the library offers beyond, `has` would be true of what is empty, `split`,
 * `join` and `cel.bind` can make values of any size, durations are read in more than linear time, and `dyn`
 * evades the types.
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
