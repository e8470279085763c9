import type * as z from "zod";
import { jsonPath, type Problem } from "../core/problem.ts";

/** Sorts problems by their position in the file. A missing key has the position of the object that lacks it. */
export function inFileOrder<P extends Problem>(problems: readonly P[], file: unknown): readonly P[] {
  const positions = new Map([...pathsIn(file, [])].map((path, position) => [path, position]));
  const positionOf = ({ path }: Problem) => positions.get(path) ?? positions.get(parentOf(path)) ?? 0;
  return problems.toSorted((a, b) => positionOf(a) - positionOf(b));
}

function* pathsIn(file: unknown, keys: Keys): Generator<string> {
  yield jsonPath(keys);
  for (const key of keysAt(file, keys)) yield* pathsIn(file, [...keys, key]);
}

const lastKey = /(?:\.[\w$]+|\[(?:\d+|"(?:[^"\\]|\\.)*")\])$/;

/** The path of the object or list that holds what is at a path. */
export function parentOf(path: string): string {
  return path.replace(lastKey, "");
}

/** The path to a part of a file. */
export type Keys = readonly (string | number)[];

/** A part of a file that matches its schema, even if the rest of the file is invalid. */
export type Part<T> = { readonly keys: Keys; readonly value: T };

/** The value at `keys` in a file; `undefined` if there is none. */
export function valueAt(file: unknown, keys: Keys): unknown {
  return keys.reduce(
    (value: unknown, key) => (isContainer(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    file,
  );
}

/** The part at `keys` if it matches `schema`; otherwise an empty list. */
export function partAt<S extends z.ZodType>(file: unknown, keys: Keys, schema: S): Part<z.infer<S>>[] {
  const { success, data } = schema.safeParse(valueAt(file, keys));
  return success ? [{ keys, value: data }] : [];
}

/** The entries of the list or object at `keys` that match `schema`, each parsed separately. */
export function partsAt<S extends z.ZodType>(file: unknown, keys: Keys, schema: S): Part<z.infer<S>>[] {
  return keysAt(file, keys).flatMap((key) => partAt(file, [...keys, key], schema));
}

/** The keys of the list or object at `keys`. */
export function keysAt(file: unknown, keys: Keys): readonly (string | number)[] {
  const value = valueAt(file, keys);
  if (Array.isArray(value)) return value.map((_, index) => index);
  return isContainer(value) ? Object.keys(value) : [];
}

function isContainer(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}
