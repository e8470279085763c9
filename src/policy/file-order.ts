import { type Keys, keysAt } from "./file-parts.ts";
import { jsonPath, type Problem } from "./problem.ts";

/** Sorts problems by where in the file they lie; what is missing lies where it is missing from. */
export function inFileOrder(problems: readonly Problem[], file: unknown): readonly Problem[] {
  const positions = new Map([...pathsIn(file, [])].map((path, position) => [path, position]));
  const positionOf = ({ path }: Problem) => positions.get(path) ?? positions.get(parentOf(path)) ?? 0;
  return problems.toSorted((a, b) => positionOf(a) - positionOf(b));
}

function* pathsIn(file: unknown, keys: Keys): Generator<string> {
  yield jsonPath(keys);
  for (const key of keysAt(file, keys)) yield* pathsIn(file, [...keys, key]);
}

const lastKey = /(?:\.[\w$]+|\[(?:\d+|"(?:[^"\\]|\\.)*")\])$/;

function parentOf(path: string): string {
  return path.replace(lastKey, "");
}
