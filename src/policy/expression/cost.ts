import type { ASTNode } from "@marcbachmann/cel-js";
import { programSizeOf } from "./language.ts";
import { expressionLimits } from "./limits.ts";
import {
  anyText,
  type FactSizes,
  fieldOf,
  joinOf,
  listOf,
  plain,
  type Size,
  sizeOfLiteral,
  textOf,
  totalOf,
} from "./size.ts";

/** Upper bounds of the steps that an expression takes and of the size of its value. */
export type Cost = { readonly steps: number; readonly size: Size };

/** Entering one part of an expression costs more than reading a character. */
const stepsToEnter = 10;

type Names = ReadonlyMap<string, Size>;

/**
 * Computes an upper bound of the cost of an expression without evaluating it. Each part is counted with the largest
 * values that its operands can have. All branches are counted, and loops are assumed to run to the end.
 *
 * @throws BudgetError as soon as a part exceeds {@link expressionLimits}
 */
export function costOf(expression: ASTNode, facts: FactSizes): Cost {
  const cost = (node: ASTNode, names: Names): Cost => {
    const found = within(partCost(node, names));
    return { size: found.size, steps: found.steps + stepsToEnter };
  };

  const partCost = (node: ASTNode, names: Names): Cost => {
    switch (node.op) {
      case "value":
        return { steps: 0, size: sizeOfLiteral(node.args) };
      case "id":
        return {
          steps: 0,
          size: names.get(node.args) ?? (node.args === "region" ? textOf(facts.text) : plain),
        };
      case ".":
      case ".?": {
        const of = cost(node.args[0], names);
        return { steps: of.steps, size: fieldOf(of.size, node.args[1], facts) };
      }
      case "!_":
      case "-_":
        return { steps: cost(node.args, names).steps, size: plain };
      case "[]":
      case "[?]": {
        const [of, at] = [cost(node.args[0], names), cost(node.args[1], names)];
        return { steps: of.steps + at.steps + totalOf(at.size), size: itemOf(of.size) };
      }
      case "list": {
        const items = node.args.map((item) => cost(item, names));
        return {
          steps: sum(items) + items.length,
          size: listOf(items.length, joinOf(items.map(({ size }) => size))),
        };
      }
      case "map": {
        const parts = node.args.flat().map((part) => cost(part, names));
        return {
          steps: sum(parts) + parts.length,
          size: listOf(parts.length, joinOf(parts.map(({ size }) => size))),
        };
      }
      case "call":
        return called(node.args[0], node.args[1], null, names);
      case "rcall": {
        const [name, receiver, given] = node.args;
        return isLoop(name) ? looped(name, receiver, given, names) : called(name, given, receiver, names);
      }
      case "?:": {
        const [asked, whenTrue, whenFalse] = node.args;
        const parts = [cost(asked, names), cost(whenTrue, names), cost(whenFalse, names)] as const;
        return { steps: sum(parts), size: joinOf([parts[1].size, parts[2].size]) };
      }
      case "+": {
        const [a, b] = [cost(node.args[0], names), cost(node.args[1], names)];
        const size = added(a.size, b.size);
        return { steps: a.steps + b.steps + size.own, size };
      }
      default: {
        // Comparisons read both sides completely, including nested entries; arithmetic reads two numbers.
        const parts = node.args.map((part) => cost(part, names));
        return { steps: sum(parts) + parts.reduce((all, { size }) => all + totalOf(size), 0), size: plain };
      }
    }
  };

  const looped = (name: string, receiver: ASTNode, given: readonly ASTNode[], names: Names): Cost => {
    const list = cost(receiver, names);
    const [variable, ...bodies] = given;
    const inner: Names =
      variable?.op === "id" ? new Map([...names, [variable.args, itemOf(list.size)]]) : names;
    const parts = bodies.map((body) => cost(body, inner));
    const items = list.size.own;
    const last = parts.at(-1)?.size ?? plain;
    const results: Readonly<Record<string, Size>> = { map: listOf(items, last), filter: list.size };
    return {
      steps: list.steps + items * (sum(parts) + stepsToEnter),
      size: results[name] ?? plain,
    };
  };

  const called = (name: string, given: readonly ASTNode[], receiver: ASTNode | null, names: Names): Cost => {
    const parts = (receiver === null ? given : [receiver, ...given]).map((part) => cost(part, names));
    const [first = plain, second = plain] = parts.map(({ size }) => size);
    return {
      steps: sum(parts) + stepsOfCall(name, first, second, given[0]),
      size: sizeOfCall(name, first),
    };
  };

  return within(cost(expression, new Map()));
}

/** An expression exceeds its budget. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

function within(cost: Cost): Cost {
  const { maxSteps, maxValueSize } = expressionLimits;
  if (cost.steps > maxSteps) {
    throw new BudgetError(`exceeded its budget of ${maxSteps.toLocaleString("en-US")} steps`);
  }
  if (totalOf(cost.size) > maxValueSize) {
    const most = maxValueSize.toLocaleString("en-US");
    throw new BudgetError(`exceeded its budget of ${most} characters and entries in one value`);
  }
  return cost;
}

const loopNames: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter", "map"]);

function isLoop(name: string): boolean {
  return loopNames.has(name);
}

function sum(costs: readonly Cost[]): number {
  return costs.reduce((all, { steps }) => all + steps, 0);
}

function itemOf({ item }: Size): Size {
  return item ?? plain;
}

function added(a: Size, b: Size): Size {
  return {
    own: a.own + b.own,
    item: a.item === null && b.item === null ? null : joinOf([itemOf(a), itemOf(b)]),
  };
}

/** A text search takes at most the product of both lengths; RE2 takes the length of the text times the program size. */
function stepsOfCall(name: string, first: Size, second: Size, argument: ASTNode | undefined): number {
  switch (name) {
    case "contains":
    case "indexOf":
    case "lastIndexOf":
      return first.own * Math.max(1, second.own);
    case "matches":
      return argument?.op === "value" && typeof argument.args === "string"
        ? (first.own + 1) * programSizeOf(argument.args)
        : 0;
    case "int":
      // Parsing a number takes the square of its digits.
      return first.own * first.own;
    default:
      return first.own + second.own;
  }
}

function sizeOfCall(name: string, first: Size): Size {
  switch (name) {
    case "string":
      return textOf(Math.max(first.own, anyText));
    case "lowerAscii":
    case "upperAscii":
    case "substring":
    case "trim":
      return first;
    default:
      return plain;
  }
}
