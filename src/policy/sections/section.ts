import type * as z from "zod";

/**
 * How an override changes a section: it replaces lists and single values, and merges objects, either key by key or,
 * where each key holds settings of its own, also the keys of these.
 */
export type Merging = "replaced" | "merged-by-key" | "merged-by-setting";

/**
 * A section of the policy that evaluates a registry: its schema in the policy, what an override may give for it, and
 * how the override changes it. A section file exports one; `sections/index.ts` lists them all.
 */
export type Section<Schema extends z.ZodType, Change extends z.ZodType> = {
  /** The section as it stands in the policy, with its default and description. */
  readonly schema: Schema;
  /** What an override may say of it; it may also leave it out. */
  readonly change: z.ZodOptional<Change>;
  readonly merging: Merging;
};

/** Defines a section. */
export function defineSection<Schema extends z.ZodType, Change extends z.ZodType>({
  schema,
  change,
  merging,
}: Omit<Section<Schema, Change>, "change"> & { readonly change: Change }): Section<Schema, Change> {
  return { schema, change: change.optional(), merging };
}

const depths = { replaced: 0, "merged-by-key": 1, "merged-by-setting": 2 } as const satisfies Record<
  Merging,
  number
>;

/** A section as an override leaves it. One that only the override has is turned on by it. Pure. */
export function merge(base: unknown, change: unknown, merging: Merging): unknown {
  return mergeTo(depths[merging], base, change);
}

function mergeTo(depth: number, base: unknown, change: unknown): unknown {
  if (change === undefined) return base;
  if (depth === 0 || !isObject(base) || !isObject(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) merged[key] = mergeTo(depth - 1, merged[key], value);
  return merged;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
