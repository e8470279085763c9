import * as z from "zod";
import { type Keys, keysAt, type Part, partAt, partsAt, valueAt } from "../file-parts.ts";
import { listsMeet } from "../matching/patterns.ts";
import { allowedUpstreamSchema } from "../sections/allowed-upstreams.ts";
import { overrideSchema } from "../sections/overrides.ts";
import { prefixesSchema } from "../sections/prefixes.ts";
import { type RequiredRule, requiredRuleSchema } from "../sections/required-rules.ts";
import type { RegistryPatterns } from "../sections/where.ts";

/**
 * Whether some registry matches both sets of patterns. `unknown` if the answer depends on the structure of the
 * organization, which the policy does not contain.
 */
export function patternsMeet(one: RegistryPatterns, other: RegistryPatterns): "yes" | "no" | "unknown" {
  if (!namesMeet(one.accounts, other.accounts) || !namesMeet(one.regions, other.regions)) return "no";
  const { organizationalUnits: units = [] } = one;
  const { organizationalUnits: otherUnits = [] } = other;
  if (isOpen(units) && isOpen(otherUnits)) return "yes";
  if (isOpen(units)) return isOpen(one.accounts) ? "yes" : "unknown";
  if (isOpen(otherUnits)) return isOpen(other.accounts) ? "yes" : "unknown";
  return units.some((unit) => otherUnits.includes(unit)) ? "yes" : "unknown";
}

function namesMeet(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return isOpen(some) || isOpen(others) || listsMeet(some, others);
}

function isOpen(names: readonly string[] | undefined): boolean {
  return names === undefined || names.length === 0;
}

/** The keys of an `allowedUpstreams` entry that determine which rules it allows. Errors in other keys are ignored. */
const admittingSchema = z.object({
  registry: allowedUpstreamSchema.shape.registry,
  urls: allowedUpstreamSchema.shape.urls.catch(undefined),
  prefixes: allowedUpstreamSchema.shape.prefixes.catch(undefined),
});

/** The upstreams and prefixes that an `allowedUpstreams` entry allows. */
export type Admitting = z.infer<typeof admittingSchema>;

/** The policy's requirements for prefixes; `undefined` for those that are not set or not valid. */
export type Naming = {
  readonly pattern: string | undefined;
  readonly maxLength: number | undefined;
  readonly root: "allow" | "forbid" | undefined;
  readonly overlap: "allow" | "forbid" | undefined;
};

/** A required rule, with the sections that apply to all registries that must have it; `null` if they differ or are unknown. */
export type LintEntry = {
  readonly required: Part<RequiredRule>;
  readonly upstreams: readonly Admitting[] | null;
  readonly naming: Naming | null;
};

/** The paths of all lists of required rules in a file: that of the policy and those of its overrides. */
export function requiredLists(file: unknown): readonly Keys[] {
  return [["requiredRules"], ...overrideKeys(file).map((keys) => [...keys, "set", "requiredRules"])];
}

/** All required rules of a file, list by list, with the sections that apply to them. */
export function entriesOf(file: unknown): readonly (readonly LintEntry[])[] {
  return [null, ...overrideKeys(file)].map((owner) => {
    const list = owner === null ? ["requiredRules"] : [...owner, "set", "requiredRules"];
    return partsAt(file, list, requiredRuleSchema).map((required) => ({
      required,
      upstreams: sectionFor(file, owner, required.value, "allowedUpstreams", upstreamsAt),
      naming: sectionFor(file, owner, required.value, "prefixes", namingAt),
    }));
  });
}

function overrideKeys(file: unknown): readonly Keys[] {
  return keysAt(file, ["overrides"]).map((index) => ["overrides", index]);
}

/**
 * The section that applies to a required rule: that of the override that requires the rule, or that of the policy.
 * `null` if another override may change the section in registries where the rule is required.
 */
function sectionFor<T>(
  file: unknown,
  owner: Keys | null,
  registries: RegistryPatterns,
  section: "allowedUpstreams" | "prefixes",
  read: (file: unknown, keys: Keys) => T | null,
): T | null {
  const others = overrideKeys(file).filter((keys) => keys[1] !== owner?.[1]);
  const isChanged = others.some(
    (keys) => valueAt(file, [...keys, "set", section]) !== undefined && mayMeet(file, keys, registries),
  );
  if (isChanged) return null;
  const own = owner === null ? undefined : [...owner, "set", section];
  return read(file, own !== undefined && valueAt(file, own) !== undefined ? own : [section]);
}

function mayMeet(file: unknown, override: Keys, registries: RegistryPatterns): boolean {
  const [where] = partAt(file, [...override, "where"], overrideSchema.shape.where);
  return where === undefined || patternsMeet(where.value, registries) !== "no";
}

function upstreamsAt(file: unknown, keys: Keys): readonly Admitting[] | null {
  if (!Array.isArray(valueAt(file, keys))) return null;
  return partsAt(file, keys, admittingSchema).map(({ value }) => value);
}

/** The `prefixes` of an override are merged with those of the policy, key by key. */
function namingAt(file: unknown, section: Keys): Naming {
  const { pattern, maxLength, root, overlap } = prefixesSchema.shape;
  const read = <S extends z.ZodType>(key: string, schema: S): z.infer<S> | undefined => {
    const keys = valueAt(file, [...section, key]) === undefined ? ["prefixes", key] : [...section, key];
    return partAt(file, keys, schema)[0]?.value;
  };
  return {
    pattern: read("pattern", pattern),
    maxLength: read("maxLength", maxLength),
    root: read("root", root),
    overlap: read("overlap", overlap),
  };
}
