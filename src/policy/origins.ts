import { jsonPath } from "./problem.ts";
import type { Policy } from "./schema.ts";

/** A value of an effective policy that an override gave it. */
export type Origin = {
  /** Where the value holds, as a JSON path. */
  readonly path: string;
  /** Where in the policy file it stands. */
  readonly from: string;
};

/** Which override gave what, where several gave the same value the one that won, the last. */
export function originsOf({ overrides }: Policy, appliedOverrides: readonly number[]): readonly Origin[] {
  const origins = new Map<string, string>();
  for (const index of appliedOverrides) {
    // Stryker disable next-line OptionalChaining: an override that was applied is there
    for (const keys of leavesOf(overrides[index]?.set ?? {}, [])) {
      origins.set(jsonPath(keys), jsonPath(["overrides", index, "set", ...keys]));
    }
  }
  return Array.from(origins, ([path, from]) => ({ path, from }));
}

type Keys = readonly PropertyKey[];

/** The places that an override gives values for: objects are merged, all else is replaced. */
function leavesOf(value: object, keys: Keys): readonly Keys[] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): readonly Keys[] => {
    if (member === undefined) return [];
    const isMerged = member instanceof Object && !Array.isArray(member);
    if (!isMerged || Object.keys(member).length === 0) return [[...keys, key]];
    return leavesOf(member, [...keys, key]);
  });
}
