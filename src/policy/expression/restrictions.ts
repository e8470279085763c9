import type { ASTNode } from "@marcbachmann/cel-js";
import { callables, loopDepths, loops, type Subject } from "./language.ts";

/** What an expression does that it may not, or `null`: calls that there are not, loops too deep in one another. */
export function restrictionProblem(expression: ASTNode, subject: Subject): string | null {
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
