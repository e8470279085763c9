import type * as z from "zod";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { type Keys, keysAt, type Part, partAt, partsAt, valueAt } from "../file-parts.ts";
import { listCovers } from "../matching/patterns.ts";
import { changeSchemas, depthOf, sectionSchemas } from "../sections/index.ts";
import { type Override, overrideSchema } from "../sections/overrides.ts";
import type { RegistryPatterns } from "../sections/where.ts";
import { patternsMeet } from "./entries.ts";

/** One value that an override sets: where it is in a policy, and the value. */
type Setting = { readonly keys: Keys; readonly value: unknown };

/**
 * Overrides and parts of them that change nothing: they set what is in force already, or a later override replaces it
 * wherever it applies.
 */
export function idleOverrides(file: unknown): readonly Problem[] {
  const overrides = partsAt(file, ["overrides"], overrideSchema);
  // What an override does that cannot be read is not known, nor what others are for.
  if (overrides.length < keysAt(file, ["overrides"]).length) return [];
  return overrides.flatMap((override, position) => {
    const earlier = overrides.slice(0, position).toReversed();
    const later = overrides.slice(position + 1);
    const at = (keys: Keys, message: string) => ({
      path: jsonPath([...override.keys, "set", ...keys]),
      message,
    });
    if (Object.keys(override.value.set).length === 0)
      return [at([], "is empty, so the override has no effect")];
    const empty = sectionsOf(override.value).filter(
      (section) => isEmpty(override.value.set[section]) && valueAt(file, [section]) !== undefined,
    );
    return [
      ...empty.map((section) => at([section], "is empty, so it has no effect")),
      ...settingsOf(override.value).flatMap((setting) => {
        const reason =
          replacedBy(setting, override, later) ?? repeats(setting, override, earlier, baseOf(file, setting));
        return reason === null ? [] : [at(setting.keys, `has no effect: ${reason}`)];
      }),
    ];
  });
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

type SectionName = keyof typeof changeSchemas;

function sectionsOf({ set }: Override): readonly SectionName[] {
  const names: SectionName[] = [];
  for (const name in changeSchemas) if (isSection(name) && set[name] !== undefined) names.push(name);
  return names;
}

function isSection(name: string): name is SectionName {
  return Object.hasOwn(changeSchemas, name);
}

function settingsOf(override: Override): readonly Setting[] {
  return sectionsOf(override).flatMap((name) => leavesOf(override.set[name], [name], depthOf(name)));
}

/** The parts of a section that are replaced as a whole: `depth` levels below it. */
function leavesOf(value: unknown, keys: Keys, depth: number): readonly Setting[] {
  if (depth === 0 || typeof value !== "object" || value === null) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, part]) =>
    part === undefined ? [] : leavesOf(part, [...keys, key], depth - 1),
  );
}

function sets({ value }: Part<Override>, { keys }: Setting): Setting | undefined {
  const path = jsonPath(keys);
  return settingsOf(value).find((setting) => jsonPath(setting.keys) === path);
}

function replacedBy(
  setting: Setting,
  override: Part<Override>,
  later: readonly Part<Override>[],
): string | null {
  const by = later.find(
    (other) => covers(other.value.where, override.value.where) && sets(other, setting) !== undefined,
  );
  return by === undefined
    ? null
    : `${jsonPath([...by.keys, "set", ...setting.keys])} replaces it wherever it applies`;
}

/** @param earlier the overrides before, the last one first @param base `null` if it is not known */
function repeats(
  setting: Setting,
  override: Part<Override>,
  earlier: readonly Part<Override>[],
  base: { readonly value: unknown } | null,
): string | null {
  for (const other of earlier) {
    const before = sets(other, setting);
    if (before === undefined || patternsMeet(other.value.where, override.value.where) === "no") continue;
    if (!isEqual(before.value, setting.value)) return null;
    if (covers(other.value.where, override.value.where)) {
      return `${jsonPath([...other.keys, "set", ...setting.keys])} sets the same`;
    }
  }
  return base !== null && isEqual(base.value, setting.value)
    ? "it is what applies without the override"
    : null;
}

/** What the policy itself says. A check is enabled unless a policy says otherwise. */
function baseOf(file: unknown, { keys }: Setting): { readonly value: unknown } | null {
  const [section = "", ...rest] = keys;
  if (typeof section !== "string" || !isSection(section)) return null;
  const schema: z.ZodType = sectionSchemas[section];
  const [base] = partAt(file, [section], schema);
  if (base === undefined) return null;
  const value = valueAt(base.value, rest);
  return { value: value === undefined && section === "checks" && rest[1] === "enabled" ? true : value };
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether `wide` is known to match every registry that `narrow` matches. */
function covers(wide: RegistryPatterns, narrow: RegistryPatterns): boolean {
  return (
    listCovers(closed(wide.accounts), closed(narrow.accounts)) &&
    listCovers(closed(wide.regions), closed(narrow.regions)) &&
    unitsCover(wide.organizationalUnits, narrow.organizationalUnits)
  );
}

function unitsCover(wide: readonly string[] = [], narrow: readonly string[] = []): boolean {
  return wide.length === 0 || (narrow.length > 0 && narrow.every((unit) => wide.includes(unit)));
}

/** An empty list matches everything, as does a missing one. */
function closed(names: readonly string[] | undefined): readonly string[] | undefined {
  return names === undefined || names.length === 0 ? undefined : names;
}
