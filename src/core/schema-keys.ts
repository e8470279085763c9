import * as z from "zod";

/**
 * The keys that a schema knows at a path into a value. Where the schema has several shapes, the keys of all of them.
 *
 * @param path keys of objects and indices of lists, as in the issues of zod
 */
export function keysKnownAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [key, ...rest] = path;
  const found = shapesOf(schema).flatMap((shape): readonly string[] => {
    if (key === undefined) return shape instanceof z.ZodObject ? Object.keys(shape.shape) : [];
    const next = partOf(shape, key);
    return next === undefined ? [] : keysKnownAt(next, rest);
  });
  return [...new Set(found)];
}

/** The schema of a part; `undefined` if there is none. */
function partOf(shape: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (shape instanceof z.ZodObject)
    return new Map(Object.entries<z.core.$ZodType>(shape.shape)).get(String(key));
  if (shape instanceof z.ZodArray) return shape.element;
  return shape instanceof z.ZodRecord ? shape.valueType : undefined;
}

/** A schema without defaults and the like; the options of a union separately. */
function shapesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(shapesOf);
  if (schema instanceof z.ZodPipe) return shapesOf(schema.in);
  const isWrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly;
  return isWrapper ? shapesOf(schema.unwrap()) : [schema];
}
