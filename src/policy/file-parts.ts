import type * as z from "zod";

/** The way to a part of a file. */
export type Keys = readonly (string | number)[];

/** A part of a file that is as its schema wants it, whatever the rest of the file is like. */
export type Part<T> = { readonly keys: Keys; readonly value: T };

/** What stands at `keys` in a file; `undefined` when nothing does. */
export function valueAt(file: unknown, keys: Keys): unknown {
  return keys.reduce(
    (value: unknown, key) => (isContainer(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    file,
  );
}

/** The part at `keys`, when it is as `schema` wants it. */
export function partAt<S extends z.ZodType>(file: unknown, keys: Keys, schema: S): Part<z.infer<S>>[] {
  const { success, data } = schema.safeParse(valueAt(file, keys));
  return success ? [{ keys, value: data }] : [];
}

/** Those entries of the list or object at `keys` that are as `schema` wants them, each read on its own. */
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
