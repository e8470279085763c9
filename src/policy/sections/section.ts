import type * as z from "zod";

/**
 * How an override changes a section. Lists and single values are replaced. Objects are merged key by key, or, if each
 * key contains an object of settings, setting by setting.
 */
export type Merging = "replaced" | "merged-by-key" | "merged-by-setting";

/**
 * A section of the policy that affects the evaluation of a registry: its schema in the policy, its schema in an
 * override, and how the override changes it. Each section file exports one; `sections/index.ts` lists them all.
 */
export type Section<Schema extends z.ZodType, Change extends z.ZodType> = {
  /** The schema of the section in the policy, with its default and description. */
  readonly schema: Schema;
  /** The schema of the section in an override, which may omit it. */
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

/** How many levels below a section its parts are replaced as a whole. */
export const depths = { replaced: 0, "merged-by-key": 1, "merged-by-setting": 2 } as const satisfies Record<
  Merging,
  number
>;

/** Applies the change of an override to a section. An override can enable a section that `base` lacks. Pure. */
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
